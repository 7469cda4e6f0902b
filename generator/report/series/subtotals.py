"""How money came: subtotals of raised by payment rail and by source; the parts add up to raised."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from generator.ledger import Entry, Kind, Status
from generator.report.figures.bounds import Bound, added
from generator.report.figures.day_income import DayIncome
from generator.report.figures.figure import COUNT, Figure, FigureDefinition, Point
from generator.report.figures.sums import contribution_count, contributions, grade, selectors
from generator.sentence import say

#: Rail of stage outputs: Angor's investments.
ANGOR_RAIL: Final = "ANGOR"
#: Rail of payments that name none of the known ones.
UNNAMED: Final = "UNNAMED"
MIXED: Final = "MIXED"
#: Rails of payments as a sentence calls them; the last is that of rows that privacy joined.
RAILS: Final = {
    "BTC-CHAIN": say("on chain"),
    "BTC-LN": say("Lightning"),
    "BTC-LNURL": say("Lightning address"),
    "ARKADE": say("Ark"),
    MIXED: say("several rails"),
}

RAIL: Final = FigureDefinition(
    "rail",
    "The part of raised that came by one payment rail; the rails add up to raised. At least, beside rows of "
    "several rails, which are one of their own, where this rail is one of them.",
    by="rail",
)
RAIL_COUNT: Final = FigureDefinition(
    "rail_count", "Payments by one rail; for Angor distinct investment transactions.", COUNT, by="rail"
)
SOURCE: Final = FigureDefinition(
    "from", "The part of raised that one source reports; the sources add up to raised.", by="source"
)
SOURCE_COUNT: Final = FigureDefinition(
    "from_count",
    "Payments, or distinct investment transactions, that one source reports.",
    COUNT,
    by="source",
)
SOURCE_BY_DAY: Final = FigureDefinition(
    "from_by", "What one source reports as raised by the end of a UTC day.", by="source-day"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtotal:
    """The part of raised that came by one payment rail, or through one source."""

    name: str  #: as in its figures' names, upper case
    raised: Figure
    count: Figure
    rails: tuple[str, ...] = ()  #: of rows of several rails: which ones, as far as rows say so
    days: tuple[Point, ...] = ()  #: of a source: its part of raised by the end of each day it has a row of

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures of it."""
        return (self.raised, self.count, *(point.figure for point in self.days))


def rail_of(entry: Entry) -> str:
    """Return the rail of a contribution as figures name it."""
    if entry.kind is Kind.INVESTMENT:
        return ANGOR_RAIL
    return entry.rail.upper() if entry.rail.upper() in RAILS else UNNAMED


def bound_of_part(figures: Mapping[str, Figure], *, on_chain: bool) -> Bound:
    """Return the bound of what came in stages, or else by a server; that of raised, where one is unknown."""
    part, raised = figures["reported_chain" if on_chain else "reported_server"].bound, figures["raised"].bound
    return raised if Bound.UNKNOWN in (part, raised) else part


def by_rail(slug: str, entries: Iterable[Entry], figures: Mapping[str, Figure]) -> tuple[Subtotal, ...]:
    """Return the rails that money came by, the largest first; none where raised is not known."""
    groups = _by_rail(entries) if figures["raised"].value is not None else {}
    found = []
    for name, rows in groups.items():
        where = "" if name == ANGOR_RAIL else f"rail={name}"
        hidden = any(_may_hold(row, name) for row in groups.get(MIXED, ()))
        told = bound_of_part(figures, on_chain=name == ANGOR_RAIL)
        bound = added(told, Bound.AT_LEAST if hidden else Bound.EXACT)
        values = (sum(row.amount_msat for row in rows), contribution_count(rows))
        part = _subtotal((RAIL, RAIL_COUNT), values, (slug, name), rows, where, bound)
        found.append(replace(part, rails=tuple(sorted({rail for row in rows for rail in row.rails}))))
    return _sorted(found)


def _may_hold(mixed: Entry, name: str) -> bool:
    """Tell whether a row of several rails may be of this rail too."""
    if name in (MIXED, ANGOR_RAIL):
        return False
    return not mixed.rails or name in {rail if rail in RAILS else UNNAMED for rail in mixed.rails}


def by_source(
    came: Iterable[DayIncome], counts: Mapping[str, int], answered: Mapping[str, Bound]
) -> tuple[Subtotal, ...]:
    """Return the sources of the portfolio, the largest first; `counts` are their contributions.

    `answered` names those that have answered, with the bound of what they
    report; one that never answered has no subtotal.
    """
    groups: defaultdict[str, list[DayIncome]] = defaultdict(list)
    for part in came:
        groups[part.source].append(part)
    found = []
    for source, bound in answered.items():
        name, parts = source.upper(), groups[source]
        values = (sum(part.amount_msat for part in parts), counts.get(source, 0))
        whole = _subtotal((SOURCE, SOURCE_COUNT), values, (None, name), parts, f"source={source}", bound)
        found.append(replace(whole, days=tuple(_by_day(source, parts, bound))))
    return _sorted(found)


def _by_rail(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in contributions(entries):
        groups[rail_of(entry)].append(entry)
    return groups


def _sorted(subtotals: Iterable[Subtotal]) -> tuple[Subtotal, ...]:
    return tuple(sorted(subtotals, key=lambda part: (-int(part.raised.value or 0), part.name)))


def _subtotal(
    definitions: tuple[FigureDefinition, FigureDefinition],
    values: tuple[int, int],
    of: tuple[str | None, str],
    rows: Sequence[Entry] | Sequence[DayIncome],
    where: str,
    bound: Bound,
) -> Subtotal:
    slug, name = of
    raised, count = (
        definition.figure(
            slug,
            value,
            of=name,
            bound=bound,
            verification=grade(row.verification for row in rows),
            inputs=selectors(_kinds(rows), Status.CONFIRMED, where),
        )
        for definition, value in zip(definitions, values, strict=True)
    )
    return Subtotal(name=name, raised=raised, count=count)


def _kinds(rows: Iterable[Entry | DayIncome]) -> list[Kind]:
    seen = {row.kind for row in rows}
    return [kind for kind in Kind if kind in seen]


def _by_day(source: str, rows: Sequence[DayIncome], bound: Bound) -> Iterator[Point]:
    kinds = _kinds(rows)
    total, seen = 0, set[str | None]()
    ordered = sorted(rows, key=lambda row: row.day)
    for day, group in groupby(ordered, key=lambda row: row.day):
        some = list(group)
        total += sum(row.amount_msat for row in some)
        seen.add(grade(row.verification for row in some))
        figure = SOURCE_BY_DAY.figure(
            None,
            total,
            of=f"{source.upper()}-{day}",
            bound=bound,
            verification=grade(seen),
            inputs=selectors(kinds, Status.CONFIRMED, f"source={source},until={day}"),
        )
        yield Point(day=day, figure=figure)
