"""How large contributions are: how many in each class of size, and the middle ones.

Classes go 1, 2, 5, 10, 20 … satoshis. Payments of a server are private, so a class of few joins the next, and
what is said of single ones is rounded; investments are public on chain. Only published rows are looked at.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil
from typing import Final, TypeAlias

import msgspec

from generator.ledger import Entry, Kind, Status, transaction_of
from generator.money import MSAT_PER_SAT
from generator.report.figures.bounds import Bound
from generator.report.figures.figure import COUNT, PERCENT, Figure, FigureDefinition, percent_text
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.source_bounds import bound_of
from generator.report.figures.sums import CONTRIBUTIONS, contributions, grade, kinds_of, selectors

_OF: Final = "payments, or investments where there are fewer payments than three times privacy.min_group"
SIZE_BIN: Final = FigureDefinition(
    "size_bin",
    "How many contributions have at least {low} and fewer than {high} satoshis: the payments, or the "
    "investments of a project with few.",
    COUNT,
    by="class",
    meaning=f"How many contributions are of one class of size, in satoshis: {_OF}. A row of several payments "
    "counts as equal parts; a class of fewer payments than privacy.min_group joins the next.",
)
SIZE_EDGE: Final = FigureDefinition(
    "size_edge",
    "Where a class of sizes begins or ends: at {of} satoshis.",
    by="sats",
    meaning="Where a class of size_bin begins or ends.",
)
FAMILIES: Final = (SIZE_BIN, SIZE_EDGE)
_EACH: Final = f"of the sizes that size_bin counts: {_OF}; of payments rounded to two digits."
MEDIAN: Final = FigureDefinition("size_median", f"The lower middle one {_EACH}")
LOWER: Final = FigureDefinition("size_lower_quartile", f"The one with a quarter at or below it {_EACH}")
UPPER: Final = FigureDefinition("size_upper_quartile", f"The one with three quarters at or below it {_EACH}")
TOP_SHARE: Final = FigureDefinition(
    "size_top_share",
    "What the five largest payments together, or the largest investment, are of the sizes that size_bin "
    "counts; rounded down.",
    PERCENT,
)
DEFINITIONS: Final = (MEDIAN, LOWER, UPPER, TOP_SHARE)
#: Payments are shown from so many times privacy.min_group on, investments from this count on.
GROUPS: Final = 3
LEAST_INVESTMENTS: Final = 5
TOP_PAYMENTS: Final = 5
_DIGITS: Final = 2
Size: TypeAlias = tuple[int, int]  #: millisatoshis of each, and how many have them


class _Sizes(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes of contributions, and the rows that they come from."""

    rows: Sequence[Entry]
    sizes: Sequence[Size]  #: smallest first
    kinds: tuple[Kind, ...]
    least: int  #: contributions of a class
    top: int  #: how many of the largest are told together
    is_private: bool

    @property
    def count(self) -> int:
        """How many contributions these are."""
        return sum(count for _, count in self.sizes)

    def at(self, part: Fraction) -> int:
        """Return the size with a part of all at or below it, msat."""
        wanted, seen = ceil(part * self.count), 0
        for size, count in self.sizes:
            seen += count
            if seen >= wanted:
                return _two_digits(size) if self.is_private else size
        return self.sizes[-1][0]

    @property
    def top_share(self) -> Fraction:
        """The part of all that the largest are."""
        left, largest = self.top, 0
        for size, count in reversed(self.sizes):
            largest += size * min(count, left)
            left -= min(count, left)
        return Fraction(largest, sum(size * count for size, count in self.sizes))


def size_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield the classes and the middle sizes of a project's contributions; nothing where there are few."""
    found = _payments(context) or _investments(context)
    if found is None:
        return
    bound = bound_of(context.project, found.kinds)
    level = grade(row.verification for row in found.rows)
    inputs = selectors(found.kinds, Status.CONFIRMED)

    def figure(definition: FigureDefinition, value: int | str, known: Bound) -> Figure:
        return definition.figure(context.slug, value, bound=known, verification=level, inputs=inputs)

    classes = size_classes(found.sizes, found.least)
    for edge in (classes[0][0], *(high for _, high, _ in classes)):
        yield SIZE_EDGE.figure(context.slug, edge * MSAT_PER_SAT, of=str(edge), bound=Bound.EXACT)
    for low, high, count in classes:
        yield SIZE_BIN.figure(
            context.slug,
            count,
            of=f"{low}-{high}",
            bound=bound,
            verification=level,
            inputs=inputs,
            low=str(low),
            high=str(high),
        )
    read = bound_of(context.project.when_read, found.kinds)
    known = Bound.EXACT if read is Bound.EXACT else Bound.UNKNOWN  # one more moves the middle either way
    for definition, part in ((LOWER, Fraction(1, 4)), (MEDIAN, Fraction(1, 2)), (UPPER, Fraction(3, 4))):
        yield figure(definition, found.at(part), known)
    yield figure(TOP_SHARE, percent_text(found.top_share), known)


def _payments(context: ProjectContext) -> _Sizes | None:
    rows = [row for row in contributions(context.project.entries) if row.kind is not Kind.INVESTMENT]
    sizes = sorted((row.amount_msat // row.count, row.count) for row in rows if row.amount_msat >= row.count)
    if sum(count for _, count in sizes) < max(GROUPS * context.min_group, TOP_PAYMENTS):
        return None
    kinds = tuple(kind for kind in kinds_of(CONTRIBUTIONS) if kind is not Kind.INVESTMENT)
    return _Sizes(
        rows=rows,
        sizes=sizes,
        kinds=kinds,
        least=context.min_group,
        top=TOP_PAYMENTS,
        is_private=True,
    )


def _investments(context: ProjectContext) -> _Sizes | None:
    rows = [row for row in contributions(context.project.entries) if row.kind is Kind.INVESTMENT]
    amounts: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        amounts[transaction_of(row)] += row.amount_msat
    sizes = sorted((amount, 1) for amount in amounts.values() if amount)
    if len(sizes) < LEAST_INVESTMENTS:
        return None
    return _Sizes(rows=rows, sizes=sizes, kinds=(Kind.INVESTMENT,), least=0, top=1, is_private=False)


def size_classes(sizes: Sequence[Size], least: int) -> list[tuple[int, int, int]]:
    """Return classes as (first satoshi, first of the next, count), the smallest first.

    One of fewer than `least` joins the next, the last one the one before.
    """
    edges, largest = _edges(sizes[0][0], sizes[-1][0]), sizes[-1][0]
    found: list[tuple[int, int, int]] = []
    low, count, at = edges[0], 0, 0
    for high in edges[1:]:
        while at < len(sizes) and sizes[at][0] < high * MSAT_PER_SAT:
            count += sizes[at][1]
            at += 1
        if count >= least or largest < high * MSAT_PER_SAT:
            found.append((low, high, count))
            low, count = high, 0
    if len(found) > 1 and found[-1][2] < least:
        (first, _, some), (_, high, few) = found[-2:]
        found[-2:] = [(first, high, some + few)]
    return found


def _edges(smallest_msat: int, largest_msat: int) -> list[int]:
    """Return the edges of classes, in satoshis, from the smallest size to beyond the largest one."""
    edges = [0, 1]
    while edges[-1] * MSAT_PER_SAT <= largest_msat:
        edges.append(edges[-1] * 5 // 2 if str(edges[-1])[0] == "2" else edges[-1] * 2)
    start = max(at for at, edge in enumerate(edges) if edge * MSAT_PER_SAT <= smallest_msat)
    return edges[start:]


def _two_digits(msat: int) -> int:
    """Round to two digits of satoshis."""
    sat = max(round(msat / MSAT_PER_SAT), 1)
    return round(sat, _DIGITS - len(str(sat))) * MSAT_PER_SAT
