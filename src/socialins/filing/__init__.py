"""Filing (申报): from a change of staff to a closed month, as pure decisions over events."""

from socialins.filing.batch import Correction, correction, result_of
from socialins.filing.book import EMPTY, FilingBook, evolve, fold
from socialins.filing.changes import Change
from socialins.filing.closing import closing_content
from socialins.filing.codes import (
    BookState,
    DeclarationState,
    ImportResult,
    RowOutcome,
    StepState,
)
from socialins.filing.commands import (
    ApplyAssessment,
    CloseMonth,
    Command,
    ConfirmAtCounter,
    Delete,
    Draft,
    Edit,
    Expire,
    OpenBook,
    Ready,
    RecordResult,
    RecordStep,
    RollBack,
    Submit,
    Withdraw,
)
from socialins.filing.decide import Decision, decide
from socialins.filing.declaration import AuditRecord, Declaration, Rejection
from socialins.filing.desk import Desk
from socialins.filing.events import Event
from socialins.filing.evidence import SignatureFinding, check_signatures
from socialins.filing.facts import Facts, PersonFacts
from socialins.filing.roster_after import RosterAfter, roster_after
from socialins.filing.rules import FilingRules
from socialins.filing.signature import (
    ProvedSignature,
    Signature,
    SignatureCheck,
    SignatureFact,
)
from socialins.filing.stating import submission_content
from socialins.filing.wire import event_from_plain, event_to_plain

__all__ = [
    "EMPTY",
    "ApplyAssessment",
    "AuditRecord",
    "BookState",
    "Change",
    "CloseMonth",
    "Command",
    "ConfirmAtCounter",
    "Correction",
    "Decision",
    "Declaration",
    "DeclarationState",
    "Delete",
    "Desk",
    "Draft",
    "Edit",
    "Event",
    "Expire",
    "Facts",
    "FilingBook",
    "FilingRules",
    "ImportResult",
    "OpenBook",
    "PersonFacts",
    "ProvedSignature",
    "Ready",
    "RecordResult",
    "RecordStep",
    "Rejection",
    "RollBack",
    "RosterAfter",
    "RowOutcome",
    "Signature",
    "SignatureCheck",
    "SignatureFact",
    "SignatureFinding",
    "StepState",
    "Submit",
    "Withdraw",
    "check_signatures",
    "closing_content",
    "correction",
    "decide",
    "event_from_plain",
    "event_to_plain",
    "evolve",
    "fold",
    "result_of",
    "roster_after",
    "submission_content",
]
