"""Bounds of numbers, times and ids that a record may hold, whoever wrote it; pure.

A dozen letters of JSON can name a number that fills a disk when it is written out (1e999999999), or one that
Python does not print (more than 4,300 digits).
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta

#: Digits of a decimal, and how far from its point the first one may be: more than any sum of money needs.
DIGITS: Final = 60
EXPONENT: Final = 40
BITS: Final = 63
#: Letters of an id of a record, and of its source's name: ours are places, hashes and months.
ID_LETTERS: Final = 1_000
#: Years of a run, and of money that moved: each month of them is a mark of a chart.
FIRST_YEAR: Final = 2009
LAST_YEAR: Final = 2100

Whole = Annotated[int, Meta(ge=-(2**BITS), le=2**BITS - 1)]
Moment = Annotated[datetime, Meta(tz=True)]
RecordId = Annotated[str, Meta(max_length=ID_LETTERS)]


def refuse_odd(what: str, *numbers: Decimal | int | None) -> None:
    """Raise `ValueError` for a number that is no number, or longer than any amount."""
    for number in numbers:
        if number is not None and not _readable(number):
            msg = (
                f"{what}: a number of more than {DIGITS} digits, an exponent beyond {EXPONENT}, or no number"
            )
            raise ValueError(msg)


def refuse_far(what: str, at: datetime) -> None:
    """Raise `ValueError` for a time before bitcoin, or after everybody who could read of it."""
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        msg = f"{what}: {at.isoformat()}, expected a time of the years {FIRST_YEAR} to {LAST_YEAR}"
        raise ValueError(msg)


def _readable(number: Decimal | int) -> bool:
    if isinstance(number, int):
        return bool(abs(number) < 10**DIGITS)
    if not number.is_finite() or abs(number.adjusted()) > EXPONENT:
        return False
    return len(number.as_tuple().digits) <= DIGITS
