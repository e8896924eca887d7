"""Papers (表单): bureaus' forms as data that plugins ship, filled in, saved and read back.

One layout serves both ways, and what is written reads back equal.
"""

from socialins.forms.papers.catalogue import Forms, UnknownForm, forms_of, load_form
from socialins.forms.papers.filling import FilledForm
from socialins.forms.papers.form import Form
from socialins.forms.papers.readform import FailedRow, ReadForm
from socialins.forms.papers.stream import FormWriter

__all__ = [
    "FailedRow",
    "FilledForm",
    "Form",
    "FormWriter",
    "Forms",
    "ReadForm",
    "UnknownForm",
    "forms_of",
    "load_form",
]
