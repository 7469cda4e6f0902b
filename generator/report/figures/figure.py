"""A published number, what it means, and how it is made from both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final

import msgspec

from generator.report.figures.bounds import Bound
from generator.sentence import Sentence

MSAT: Final = "msat"
COUNT: Final = "count"
PERCENT: Final = "percent"
#: In definitions: money of states, whose code the maker of a figure gives.
CURRENCY: Final = ""
#: In ids, what stands where a project has its slug.
ALL: Final = "all"
#: In inputs, what stands before a name where the figure of every project is meant.
EVERY_PROJECT: Final = "*/"
_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published number."""

    id: str
    project: str | None  #: slug, None for the portfolio (id ``all/…``)
    name: str
    value: int | str | None  #: msat and counts are int, percent and fiat decimal text, unknown is None
    unit: str  #: ``msat``, ``count``, ``percent`` or a currency code
    bound: Bound  #: how the true number relates to the value; unknown exactly where nothing can be said
    verification: str | None  #: proven, reported, or None where it does not apply
    formula: str  #: how it is made, one sentence
    #: Figure ids, ``*/<name>`` for every project's, or ``entries:<kind>[:<status>]`` selectors of the ledger.
    inputs: tuple[str, ...]


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One place of a series: a figure of one day or week."""

    day: date  #: the day, or the Monday of a week
    figure: Figure


@dataclass(frozen=True, slots=True)
class FigureDefinition:
    """What a figure means, or each one of a family ``<name>@<by>``; the only maker of figures."""

    name: str
    formula: str  #: one sentence; ``{of}`` is what stands after the ``@``, other words are the maker's
    unit: str = MSAT
    by: str = ""  #: of a family: what it has one figure for each of, such as ``day``
    meaning: str = ""  #: of a family whose formula has words to fill in: one sentence for all of it

    @property
    def words(self) -> Sentence:
        """What it is, as pages say it; `make messages` gathers these from `report.catalogue`."""
        return Sentence(self.meaning or self.formula)

    def name_of(self, of: str | date) -> str:
        """Return the name of one figure of a family: ``<name>@<of>``."""
        return f"{self.name}@{of}" if of else self.name

    def figure(  # noqa: PLR0913 -- a figure has that many parts
        self,
        project: str | None,
        value: int | str | None,
        *,
        of: str | date = "",
        unit: str = "",
        bound: Bound,
        verification: str | None = None,
        inputs: tuple[str, ...] = (),
        **words: str,
    ) -> Figure:
        """Return the figure of a project (its slug) or of the portfolio (None).

        `of` says which one of a family. What is unknown has no value and is not verified either;
        an exact None says that there is none.
        """
        name = self.name_of(of)
        value = None if bound is Bound.UNKNOWN else value
        bound = Bound.UNKNOWN if value is None and bound is not Bound.EXACT else bound
        return Figure(
            id=figure_id(project, name),
            project=project,
            name=name,
            value=value,
            unit=unit or self.unit,
            bound=bound,
            verification=None if value is None else verification,
            formula=self._formula(of, words),
            inputs=inputs,
        )

    def _formula(self, of: str | date, words: Mapping[str, str]) -> str:
        """Return the sentence with its words; one without any is not copied for each project."""
        return self.formula.format(of=of, **words) if "{" in self.formula else self.formula


def figure_id(slug: str | None, name: str) -> str:
    """Return ``<slug>/<name>``, for the portfolio ``all/<name>``."""
    return f"{slug or ALL}/{name}"


def slug_and_name(figure_id: str) -> tuple[str | None, str]:
    """Return what `figure_id` made an id of."""
    slug, _, name = figure_id.partition("/")
    return None if slug == ALL else slug, name


def decimal_text(value: Decimal | Fraction) -> str:
    """Return a decimal number exactly, without exponent and without zeros at the end: ``40``, ``12.5``."""
    numerator, denominator = value.as_integer_ratio()
    scale, places = 1, 0
    while scale % denominator:  # ends, because it is a decimal number
        scale, places = scale * 10, places + 1
    whole, rest = divmod(abs(numerator) * (scale // denominator), scale)
    sign = "-" if numerator < 0 else ""
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def percent_text(share: Fraction) -> str:
    """Return a share as percent with exactly two decimals, rounded down: 99.999 % is not 100 %."""
    whole, cents = divmod(share * _HUNDRED * _HUNDRED // 1, _HUNDRED)
    return f"{whole}.{cents:02d}"


def next_percent(share: Fraction) -> Fraction:
    """Return a share rounded up to two decimals of a percent, so that "at most" stays true of it."""
    return Fraction(ceil(share * _HUNDRED * _HUNDRED), _HUNDRED * _HUNDRED)
