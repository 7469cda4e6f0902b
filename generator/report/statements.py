"""Statements by UTC month: opening + received - returned = closing, exact to the millisatoshi; pure.

Only a month in which money moved has one; the next opens with what it closed with,
and the last closing is `net`. What a founder paid to others stands below, outside the
equation: it is no matter between a project and its backers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from generator.ledger import MOVES, Account, Entry, Kind, Status
from generator.report.days import DAY, month_text
from generator.report.figures.figure import Figure, FigureDefinition
from generator.report.figures.sums import CONTRIBUTIONS, grade, kinds_of, selectors

OPENING: Final = FigureDefinition(
    "opening",
    "raised minus returned before this UTC month: what the statement before closed with; zero without one.",
    by="month",
)
RECEIVED: Final = FigureDefinition("received", "The part of raised that came in this UTC month.", by="month")
RETURNED: Final = FigureDefinition(
    "returned", "The part of returned that went back in this UTC month.", by="month"
)
CLOSING: Final = FigureDefinition(
    "closing",
    "opening plus received minus returned of this UTC month; of the last one it is net.",
    by="month",
)
PAID_OUT: Final = FigureDefinition(
    "paid_out",
    "What the founder paid to others than backers in this UTC month; stands below, not part of closing.",
    by="month",
)
#: Each with the figure of all months whose bound it has.
_WHOLE: Final = {
    OPENING: "net",
    RECEIVED: "raised",
    RETURNED: "returned",
    CLOSING: "net",
    PAID_OUT: "paid_out",
}
DEFINITIONS: Final = tuple(_WHOLE)

#: Which sum of a month counts rows of a kind; others move nothing between a project and the world.
SUM_OF: Final[dict[Kind, FigureDefinition]] = {
    **dict.fromkeys(kinds_of(CONTRIBUTIONS), RECEIVED),
    **{kind: RETURNED for kind, (_, target) in MOVES.items() if target is Account.BACKERS},
    **{
        kind: PAID_OUT
        for kind, (source, target) in MOVES.items()
        if source is Account.FOUNDER and target is not Account.BACKERS
    },
}


#: Amount and verification; None of what is unknown.
Moved: TypeAlias = tuple[int, str | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One UTC month of a project, or of all."""

    month: str  #: ``2026-03``
    opening: Figure
    received: Figure
    returned: Figure
    closing: Figure
    paid_out: Figure | None  #: outside the equation; None where no such row is known

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures, from opening to closing, then what was paid out."""
        equation = (self.opening, self.received, self.returned, self.closing)
        return (*equation, self.paid_out) if self.paid_out else equation

    @property
    def part(self) -> "MonthPart":
        """What the sums of all projects take of it."""
        moved = (_moved(self.received), _moved(self.returned), _moved(self.paid_out))
        return MonthPart(self.month, *moved)


def _moved(figure: Figure | None) -> Moved:
    """Return amount and verification; None of what is unknown."""
    return (figure.value, figure.verification) if figure and isinstance(figure.value, int) else None


class MonthPart(NamedTuple):
    """What the sums of all projects take of one month of one."""

    month: str
    received: Moved
    returned: Moved
    paid_out: Moved


@dataclass(slots=True)
class _Sum:
    """What moved in one month."""

    amount_msat: int = 0
    grades: set[str | None] = field(default_factory=set)

    def add(self, amount_msat: int, *grades: str | None) -> None:
        self.amount_msat += amount_msat
        self.grades.update(grades)


_Months: TypeAlias = defaultdict[str, defaultdict[FigureDefinition, _Sum]]


def project_statements(
    slug: str, entries: Iterable[Entry], figures: Mapping[str, Figure]
) -> tuple[Statement, ...]:
    """Return the statements of a project's confirmed entries, oldest first; `figures` are its sums."""
    months, kinds = _no_months(), set[Kind]()
    for entry in entries:
        if entry.status is Status.CONFIRMED and entry.kind in SUM_OF:
            months[month_text(entry.at)][SUM_OF[entry.kind]].add(entry.amount_msat, entry.verification)
            kinds.add(entry.kind)
    return tuple(_Statements(slug, kinds, figures).of(months))


def portfolio_statements(
    projects: Iterable[Sequence[MonthPart]], figures: Mapping[str, Figure]
) -> tuple[Statement, ...]:
    """Return the sums of projects' statements, oldest first; what is unknown of a project adds nothing."""
    months = _no_months()
    for part in (part for parts in projects for part in parts):
        for definition, moved in zip((RECEIVED, RETURNED, PAID_OUT), part[1:], strict=True):
            if moved is not None:
                months[part.month][definition].add(*moved)
    return tuple(_Statements(None, SUM_OF, figures).of(months))


def _no_months() -> _Months:
    return defaultdict(lambda: defaultdict(_Sum))


@dataclass(frozen=True, slots=True)
class _Statements:
    """Makes the statements of one project, or of all (None)."""

    slug: str | None
    kinds: Collection[Kind]  #: that it has rows of
    figures: Mapping[str, Figure]

    def of(self, months: _Months) -> Iterator[Statement]:
        """Yield one statement a month, oldest first."""
        balance = _Sum()
        for month, sums in sorted(months.items()):
            before = self._rows((RECEIVED, RETURNED), f"until={date.fromisoformat(f'{month}-01') - DAY}")
            opening = self._figure(OPENING, month, balance, before)
            received, returned, *others = [
                self._figure(definition, month, sums[definition], self._rows((definition,), f"month={month}"))
                for definition in (RECEIVED, RETURNED, PAID_OUT)
                if definition in sums or definition is not PAID_OUT
            ]
            grades = sums[RECEIVED].grades | sums[RETURNED].grades
            balance.add(sums[RECEIVED].amount_msat - sums[RETURNED].amount_msat, *grades)
            yield Statement(
                month=month,
                opening=opening,
                received=received,
                returned=returned,
                closing=self._figure(CLOSING, month, balance, (opening.id, received.id, returned.id)),
                paid_out=others[0] if others else None,
            )

    def _rows(self, counted: Collection[FigureDefinition], where: str) -> tuple[str, ...]:
        kinds = [kind for kind, definition in SUM_OF.items() if kind in self.kinds and definition in counted]
        return selectors(kinds, Status.CONFIRMED, where)

    def _figure(self, definition: FigureDefinition, month: str, of: _Sum, inputs: tuple[str, ...]) -> Figure:
        """Return a figure with the bound of all months: what was not read may be of any month."""
        return definition.figure(
            self.slug,
            of.amount_msat,
            of=month,
            bound=self.figures[_WHOLE[definition]].bound,
            verification=grade(of.grades),
            inputs=inputs,
        )
