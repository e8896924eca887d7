"""Identity (身份): documents, credit codes, names and bureau numbers, read with an explanation.

What somebody typed or pasted becomes a value, or faults that say what is wrong with it and what to
do. Nothing here asks a register: a number that fits may still belong to nobody. Importing the
package is cheap; the checks load python-stdnum when the first number is read.
"""

from socialins.identity.credit_code import CreditCode, ReadCreditCode, read_credit_code
from socialins.identity.document_types import DocumentType, Sex
from socialins.identity.documents import IdDocument, ReadDocument, parse_document, read_document
from socialins.identity.errors import IdentityError
from socialins.identity.names import NameComparison, compare_names
from socialins.identity.numbers import NumberShape

__all__ = [
    "CreditCode",
    "DocumentType",
    "IdDocument",
    "IdentityError",
    "NameComparison",
    "NumberShape",
    "ReadCreditCode",
    "ReadDocument",
    "Sex",
    "compare_names",
    "parse_document",
    "read_credit_code",
    "read_document",
]
