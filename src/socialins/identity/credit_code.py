"""The unified social credit code (统一社会信用代码) of an employer.

python-stdnum's `validate` refuses codes that begin with a letter (N for rural collectives, Y for
others, A for units of the army); its check character is right, so the policy here is the library's
own. Where a bureau takes each code once, a unit's further accounts carry a *virtual* code
(虚拟统一信用代码), which is a code like any other.

Source: GB 32100-2015, its parts and registrars as quoted on two public pages.
"""

from __future__ import annotations

import attrs

from socialins.faults import Fault
from socialins.identity.errors import IdentityError
from socialins.identity.plain import LONGEST, fits, lost_precision, misfit, plain, shown

__all__ = ["CreditCode", "ReadCreditCode", "read_credit_code"]

_DIGITS = "0123456789"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LEFT_OUT = "IOSVZ"


def _possible(_code: CreditCode, _attribute: object, text: str) -> None:
    if not isinstance(text, str):
        raise TypeError(f"{type(text).__name__} can't be a credit code; pass text")
    fault = _problem(text)
    if fault is not None:
        raise IdentityError(fault)


@attrs.frozen(order=True, repr=False)
class CreditCode:
    """A unified social credit code (统一社会信用代码), with a check character that fits.

    The code is taken as it stands; `parse` reads typed text.

    Arguments:
        text: 18 digits and capitals, without I, O, S, V and Z.

    Raises:
        IdentityError: if the text is no such code.

    >>> code = CreditCode("91990100MA0000001G")
    >>> code.registrar, code.category, code.division, code.body
    ('9', '1', '990100', 'MA0000001')
    >>> str(code), code
    ('91990100MA0000001G', CreditCode('91990100MA0000001G'))
    """

    text: str = attrs.field(validator=_possible)

    @classmethod
    def parse(cls, text: str) -> CreditCode:
        """Read a code that somebody typed; `read_credit_code` has the rules.

        Raises:
            IdentityError: if the text is no such code.

        >>> CreditCode.parse(" 91990100 ma0000001g ")
        CreditCode('91990100MA0000001G')
        """
        return cls(plain(text))

    @property
    def registrar(self) -> str:
        """The registering authority (登记管理部门), the first character: 9 is the market's."""
        return self.text[0]

    @property
    def category(self) -> str:
        """The kind of body at that authority (机构类别), the second character."""
        return self.text[1]

    @property
    def division(self) -> str:
        """The registering authority's division (登记管理机关行政区划), six digits."""
        return self.text[2:8]

    @property
    def body(self) -> str:
        """The organisation code (主体标识码, 组织机构代码), nine characters."""
        return self.text[8:17]

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"CreditCode('{self.text}')"


@attrs.frozen
class ReadCreditCode:
    """What `read_credit_code` made of a text.

    Arguments:
        code: the code; None when a fault is an error.
        faults: what is wrong.
    """

    code: CreditCode | None
    faults: tuple[Fault, ...] = ()


def read_credit_code(text: str) -> ReadCreditCode:
    """Read a credit code that somebody typed, without raising on any text.

    Full-width characters, blanks, invisible characters and lower case are put right; letters
    that look like digits are not, but the fault says so.

    Returns:
        The code, or faults.

    Raises:
        TypeError: for anything but text.

    >>> read_credit_code("91990100MA0000001G").code
    CreditCode('91990100MA0000001G')
    >>> read_credit_code("9199O100MA0000001G").faults[0].message("en")
    "'9199O100MA0000001G' has 'O' in place 5, a letter that credit codes don't use"
    """
    try:
        return ReadCreditCode(CreditCode.parse(text))
    except IdentityError as error:
        return ReadCreditCode(None, (error.fault,))


def _problem(text: str) -> Fault | None:
    from stdnum.cn import uscc

    if not text:
        return Fault("credit-code.missing")
    values = {"code": shown(text)}
    if len(text) <= LONGEST and lost_precision(text):
        return Fault("credit-code.precision", values)
    if len(text) != 18:
        return Fault("credit-code.length", {**values, "count": str(len(text))})
    if wrong := misfit(text, _ALPHABET):
        place, char = wrong
        code = "credit-code.letter" if char in _LEFT_OUT else "credit-code.format"
        return Fault(code, {**values, "place": str(place), "character": shown(char)})
    if not fits(text[2:8], _DIGITS):
        return Fault("credit-code.division", {**values, "division": text[2:8]})
    if text[17] != uscc.calc_check_digit(text):
        return Fault("credit-code.checksum", values)
    return None
