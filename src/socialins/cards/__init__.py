"""Social-security cards (社会保障卡): a unit's batch from people's data to cards handed out.

Pure decisions over events, as filing has them: `decide` says what comes of a command, `evolve` what
becomes of the state. Photographs go out as an archive that is the same for the same input.
"""

from socialins.cards.batch import EMPTY, Batch, evolve, fold
from socialins.cards.bundle import Bundle, bundle
from socialins.cards.codes import BatchState, CardKind, RowState, Stage
from socialins.cards.commands import (
    AddPhotos,
    Collect,
    Command,
    Confirm,
    HandOut,
    NoteErrors,
    OpenBatch,
    RecordReceipt,
    RecordResult,
    Submit,
    Withdraw,
)
from socialins.cards.correction import Corrected, correct
from socialins.cards.decide import Decision, decide
from socialins.cards.errorlist import ErrorList, read_errors, read_rejections
from socialins.cards.events import Event
from socialins.cards.people import People, read_people
from socialins.cards.progress import Step, progress
from socialins.cards.registration import Registration, registration
from socialins.cards.reissue import Effects, effects
from socialins.cards.rows import CardRow, Photo
from socialins.cards.schedule import CardDays, card_days, fees
from socialins.cards.sheets import CardSheet, SheetKind, card_sheet
from socialins.cards.wire import event_from_plain, event_to_plain

__all__ = [
    "EMPTY",
    "AddPhotos",
    "Batch",
    "BatchState",
    "Bundle",
    "CardDays",
    "CardKind",
    "CardRow",
    "CardSheet",
    "Collect",
    "Command",
    "Confirm",
    "Corrected",
    "Decision",
    "Effects",
    "ErrorList",
    "Event",
    "HandOut",
    "NoteErrors",
    "OpenBatch",
    "People",
    "Photo",
    "RecordReceipt",
    "RecordResult",
    "Registration",
    "RowState",
    "SheetKind",
    "Stage",
    "Step",
    "Submit",
    "Withdraw",
    "bundle",
    "card_days",
    "card_sheet",
    "correct",
    "decide",
    "effects",
    "event_from_plain",
    "event_to_plain",
    "evolve",
    "fees",
    "fold",
    "progress",
    "read_errors",
    "read_people",
    "read_rejections",
    "registration",
]
