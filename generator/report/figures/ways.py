"""Which way money came: by payment rail, by source; the parts add up to raised."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from generator.ledger import Entry, Kind, Status
from generator.report.figures.definitions import COUNT, MSAT, figure_id, selectors
from generator.report.figures.headline import transaction_of
from generator.report.figures.sums import contributions, grade
from generator.report.model import Figure, Point, Way
from generator.report.series.funding import day_of

if TYPE_CHECKING:
    from datetime import date

RAIL: Final = "rail"
RAIL_COUNT: Final = "rail_count"
SOURCE: Final = "from"
SOURCE_COUNT: Final = "from_count"
SOURCE_BY_DAY: Final = "from_by"
#: Rail of stage outputs: Angor's investments.
ANGOR: Final = "ANGOR"
#: Rail of payments that name none of the known ones.
UNNAMED: Final = "UNNAMED"
#: Rails of BTCPay, and that of rows that privacy joined.
RAILS: Final = ("BTC-CHAIN", "BTC-LN", "BTC-LNURL", "MIXED")
FORMULAS: Final = {
    RAIL: "The part of raised that came by one payment rail; the rails add up to raised.",
    RAIL_COUNT: "Payments by one rail; for Angor distinct investment transactions.",
    SOURCE: "The part of raised that one source reports; the sources add up to raised.",
    SOURCE_COUNT: "Payments, or distinct investment transactions, that one source reports.",
    SOURCE_BY_DAY: "What one source reports as raised by the end of a UTC day.",
}


def rail_of(entry: Entry) -> str:
    """Return the rail of a contribution as figures name it."""
    if entry.kind is Kind.INVESTMENT:
        return ANGOR
    return entry.rail.upper() if entry.rail.upper() in RAILS else UNNAMED


def source_of(entry: Entry) -> str:
    """Return the source of a row as figures name it."""
    return entry.source.upper()


def rails(slug: str, entries: Iterable[Entry], raised: Figure) -> tuple[Way, ...]:
    """Return the rails that money came by, the largest first; none where raised is not known."""
    groups = _grouped(entries, rail_of) if raised.value is not None else {}
    found = []
    for name, rows in groups.items():
        where = "" if name == ANGOR else f"rail={name}"
        found.append(_way(slug, (RAIL, RAIL_COUNT), name, rows, where, complete=raised.complete))
    return _sorted(found)


def sources(entries: Iterable[Entry], answered: Mapping[str, bool]) -> tuple[Way, ...]:
    """Return the sources of the portfolio, the largest first.

    `answered` names those that have answered and whether all that they report
    is known; one that never answered has no subtotal.
    """
    groups = _grouped(entries, source_of)
    found = []
    for source, complete in answered.items():
        name = source.upper()
        rows = groups.get(name, [])
        way = _way(None, (SOURCE, SOURCE_COUNT), name, rows, f"source={source}", complete=complete)
        found.append(_with_days(way, source, rows))
    return _sorted(found)


def _grouped(entries: Iterable[Entry], name: Callable[[Entry], str]) -> dict[str, list[Entry]]:
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in contributions(entries):
        groups[name(entry)].append(entry)
    return groups


def _sorted(ways: Iterable[Way]) -> tuple[Way, ...]:
    return tuple(sorted(ways, key=lambda way: (-int(way.raised.value or 0), way.name)))


def _way(
    slug: str | None,
    families: tuple[str, str],
    name: str,
    rows: Sequence[Entry],
    where: str,
    *,
    complete: bool,
) -> Way:
    outputs = {transaction_of(row) for row in rows if row.kind is Kind.INVESTMENT}
    count = len(outputs) + sum(row.count for row in rows if row.kind is not Kind.INVESTMENT)
    amount_msat = sum(row.amount_msat for row in rows)
    inputs = _inputs(rows, where)
    values = ((families[0], amount_msat, MSAT), (families[1], count, COUNT))
    raised, counted = (
        Figure(
            id=figure_id(slug, f"{family}@{name}"),
            project=slug,
            name=f"{family}@{name}",
            value=value,
            unit=unit,
            complete=complete,
            verification=grade(row.verification for row in rows),
            formula=FORMULAS[family],
            inputs=inputs,
        )
        for family, value, unit in values
    )
    return Way(name=name, raised=raised, count=counted)


def _inputs(rows: Sequence[Entry], where: str) -> tuple[str, ...]:
    return _told({row.kind for row in rows}, where)


def _told(seen: Collection[Kind], where: str) -> tuple[str, ...]:
    kinds = [kind for kind in Kind if kind in seen]
    return selectors(kinds, Status.CONFIRMED, where)


def _with_days(way: Way, source: str, rows: Sequence[Entry]) -> Way:
    """Return a source with its series."""
    by_day: defaultdict[date, list[Entry]] = defaultdict(list)
    for row in rows:
        by_day[day_of(row.at)].append(row)
    points, total, seen = [], 0, set[str | None]()
    kinds = {row.kind for row in rows}
    for day, some in sorted(by_day.items()):
        total += sum(row.amount_msat for row in some)
        seen.add(grade(row.verification for row in some))
        name = f"{SOURCE_BY_DAY}@{way.name}-{day}"
        figure = replace(
            way.raised,
            id=figure_id(None, name),
            name=name,
            value=total,
            verification=grade(seen),
            formula=FORMULAS[SOURCE_BY_DAY],
            inputs=_told(kinds, f"source={source},until={day}"),
        )
        points.append(Point(day=day, figure=figure))
    return replace(way, days=tuple(points))
