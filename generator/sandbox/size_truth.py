"""How large contributions were, folded from what actors noted when they acted.

A ledger joins the payments of a day, a rail and an outcome, of invoices of one month and period; what is told
of them takes equal parts of each such sum.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Final

from generator.sandbox.project_truth import ProjectTruth, percent_text, utc_day
from generator.sandbox.worth import Value

_FEW: Final = 5  #: fewer sizes are not told, and the shares of so many payments are told together
_QUARTERS: Final = (("size_lower_quartile", 1), ("size_median", 2), ("size_upper_quartile", 3))


def size_figures(project: ProjectTruth, min_group: int) -> dict[str, Value]:
    """Return classes, quartiles and the share of the largest, of payments or else of investments."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for deed in project.paid:
        made = utc_day(deed.made or deed.at)
        period = max((at for at in project.aim.begun if at <= project.counted(deed)), default=None)
        rows[f"{utc_day(deed.at)} {deed.rail} {deed.outcome} {made:%Y-%m} {period}"].append(deed.amount_msat)
    sizes = sorted(sum(row) // len(row) for row in rows.values() for _ in row)
    if len(sizes) >= max(3 * min_group, _FEW):
        return _told(sizes, min_group, _FEW)
    investments = Counter[str]()
    for act in project.invested:
        investments[act.txid] += act.amount_msat
    sizes = sorted(investments.values())
    return _told(sizes, 0, 1) if len(sizes) >= _FEW else {}


def _told(sizes: Sequence[int], least: int, largest: int) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for low, high, count in _classes(sizes, least):
        found |= {f"size_edge@{edge}": edge * 1000 for edge in (low, high)}
        found[f"size_bin@{low}-{high}"] = count
    for name, quarter in _QUARTERS:
        size = sizes[ceil(Fraction(quarter * len(sizes), 4)) - 1]
        found[name] = _two_digits(size) if least else size
    found["size_top_share"] = percent_text(Fraction(sum(sizes[-largest:]), sum(sizes)))
    return found


def _classes(sizes: Sequence[int], least: int) -> list[tuple[int, int, int]]:
    """Return classes of at least so many, as first satoshi, first of the next, and count."""
    every = [0, *(digit * 10**zeros for zeros in range(14) for digit in (1, 2, 5))]
    edges = [edge for edge in every if edge * 1000 <= sizes[0]][-1:]
    edges += [edge for edge in every if sizes[0] < edge * 1000 <= sizes[-1]]
    edges.append(next(edge for edge in every if edge * 1000 > sizes[-1]))
    found: list[tuple[int, int, int]] = []
    begin = edges[0]
    for _, high in pairwise(edges):
        count = sum(begin * 1000 <= size < high * 1000 for size in sizes)
        if count >= least:
            found.append((begin, high, count))
            begin = high
    if begin != edges[-1]:  # too few are left for a class of their own
        low, _, count = found.pop() if found else (begin, 0, 0)
        found.append((low, edges[-1], count + sum(size >= begin * 1000 for size in sizes)))
    return found


def _two_digits(msat: int) -> int:
    sat = max(round(Fraction(msat, 1000)), 1)
    return round(sat, 2 - len(str(sat))) * 1000
