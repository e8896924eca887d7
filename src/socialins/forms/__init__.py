"""Forms (表单): rosters in, rosters and settlements out, as the files that people work with.

Text files need nothing but Python; workbooks need the extra ``xlsx``, which is imported when the
first one is opened.
"""

from socialins.forms.errors import FormError
from socialins.forms.layout import Column, Layout, own_layout
from socialins.forms.roster import read_roster
from socialins.forms.rosterfile import write_roster
from socialins.forms.settlement_workbook import write_settlement
from socialins.forms.unitfile import UnitFile, read_unit

__all__ = [
    "Column",
    "FormError",
    "Layout",
    "UnitFile",
    "own_layout",
    "read_roster",
    "read_unit",
    "write_roster",
    "write_settlement",
]
