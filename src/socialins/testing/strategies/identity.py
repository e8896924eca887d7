"""Strategies for identity: document numbers, credit codes, names and persons.

Check characters are computed here, from the standards' formulas, and not by the code that checks
them: a number that the library refuses shows that one of the two is wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from socialins.identity import CreditCode, DocumentType, IdDocument, Sex
from socialins.model import InsuredPerson
from socialins.testing.lazy import st

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["credit_codes", "documents", "names", "persons", "resident_ids"]

# Divisions that have kept their codes for as long as anybody drawn here lives.
_DIVISIONS = ("110101", "310101", "420102", "510104", "650102")
_PERMITS = ("810000", "820000", "830000")
_BORN = (date(1960, 1, 1), date(2007, 12, 31))

_SURNAMES = "王李张刘陈杨黄赵吴周"
_GIVEN = "一伟芳娜敏静磊洋勇艳杰娟涛明超霞平刚桂英"

_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_REGISTRARS = ("91", "92", "12", "52", "N1", "Y1", "A1")


def resident_ids(
    *,
    divisions: Sequence[str] = _DIVISIONS,
    born: tuple[date, date] = _BORN,
    sex: Sex | None = None,
) -> SearchStrategy[str]:
    """Numbers of resident identity cards (公民身份号码), one in eleven with an X.

    Shrinks towards the first division, the earliest birth date and the lowest sequence.

    Arguments:
        divisions: the first six digits that may stand there.
        born: the earliest and the latest birth date, both included.
        sex: one of the two only.
    """
    # An odd sequence is a man's. One whole number stands for all three, so that nothing shrinks
    # to a simpler kind of document than this.
    first, step = (1, 1) if sex is None else (1 if sex is Sex.MALE else 2, 2)
    sequences = range(first, 1000, step)
    days = (born[1] - born[0]).days + 1

    def number(count: int) -> str:
        rest, place = divmod(count, len(sequences))
        division, day = divmod(rest, days)
        return _citizen_number(divisions[division], born[0] + timedelta(days=day), sequences[place])

    return st.integers(0, len(divisions) * days * len(sequences) - 1).map(number)


def documents(
    *,
    types: Collection[DocumentType] = tuple(DocumentType),
    born: tuple[date, date] = _BORN,
) -> SearchStrategy[IdDocument]:
    """Identity documents (证件) of every kind, mostly residents' cards.

    Shrinks towards a resident's card.

    Arguments:
        types: the kinds that are wanted.
        born: the earliest and the latest birth date, for kinds whose number holds one.
    """
    kinds = [kind for kind in DocumentType if kind in types]
    # The first kind is a resident's card unless the caller wants none: most people have one.
    return _document(kinds[:1] * len(kinds) + kinds, born)


@st.composite
def _document(draw: DrawFn, kinds: Sequence[DocumentType], born: tuple[date, date]) -> IdDocument:
    kind = draw(st.sampled_from(kinds))
    return IdDocument(kind, draw(_numbers(kind, born)))


@lru_cache(maxsize=64)
def _numbers(kind: DocumentType, born: tuple[date, date]) -> SearchStrategy[str]:
    if kind is DocumentType.RESIDENT_ID:
        return resident_ids(born=born)
    if kind is DocumentType.RESIDENCE_PERMIT:
        return resident_ids(divisions=_PERMITS, born=born)
    eight = st.integers(0, 10**8 - 1)
    if kind is DocumentType.FOREIGN_PERMANENT:
        # Behind the 9: the province that issued the card, the country it is issued to.
        new = resident_ids(divisions=("911124", "932682", "944840"), born=born)
        return new | eight.map("ABC0000{:08}".format)
    if kind is DocumentType.PASSPORT:
        return eight.map("E{:08}".format)
    if kind is DocumentType.HK_MACAO_PASS:
        return eight.map("H{:08}".format) | eight.map("M{:08}".format)
    return eight.map("{:08}".format)


@st.composite
def credit_codes(draw: DrawFn) -> CreditCode:
    """Unified social credit codes (统一社会信用代码), those beginning with a letter too.

    Shrinks towards an enterprise's.
    """
    registrar = draw(st.sampled_from(_REGISTRARS))
    division = draw(st.sampled_from(_DIVISIONS))
    body = draw(st.text(_CODE_ALPHABET, min_size=9, max_size=9))
    code = f"{registrar}{division}{body}"
    weighted = sum(_CODE_ALPHABET.index(char) * 3**place for place, char in enumerate(code))
    return CreditCode(code + _CODE_ALPHABET[-weighted % 31])


def names() -> SearchStrategy[str]:
    """Names of persons (姓名): of two or three characters, with a middle dot, in Latin letters.

    Shrinks towards two characters.
    """
    chinese = st.builds(
        str.__add__, st.sampled_from(_SURNAMES), st.text(_GIVEN, min_size=1, max_size=2)
    )
    dotted = st.lists(st.text(_GIVEN, min_size=2, max_size=4), min_size=2, max_size=3).map("·".join)
    latin = st.lists(st.text("AEINORST", min_size=2, max_size=9), min_size=2, max_size=3)
    return st.one_of(chinese, chinese, chinese, dotted, latin.map(" ".join))


def persons(
    *, documents: SearchStrategy[IdDocument] | None = None
) -> SearchStrategy[InsuredPerson]:
    """Insured persons (参保人员); shrinks towards a resident with a name of two characters.

    Birth date and sex are those of the document, and not known where it holds none.

    Arguments:
        documents: the documents they have; of every kind if left out.
    """
    return st.builds(InsuredPerson, names(), _documents() if documents is None else documents)


_documents = documents


def _citizen_number(division: str, born: date, sequence: int) -> str:
    body = f"{division}{born:%Y%m%d}{sequence:03}"
    # ISO 7064 MOD 11-2: the weights of the places are the powers of two.
    weighted = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body))
    return body + "0123456789X"[(1 - weighted) % 11]
