"""The numbers that a site may state: its figures, and the rows of its ledger with what they were worth."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

from generator.ledger import Declaration, Entry
from generator.report import Figure, Report
from generator.report.figures.figure import decimal_text
from generator.report.files.downloads import ledger
from generator.report.prices import Prices

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNumbers:
    """A report's numbers by id; rows of two sources may have the same id."""

    figures: Mapping[str, Figure]
    entries: Mapping[str, frozenset[tuple[int, int]]]  #: id → (msat, count)
    declarations: Mapping[str, Declaration]
    #: (``receipt`` or ``today``, id of a row, currency) → exact decimals
    worths: Mapping[tuple[str, str, str], frozenset[str]]

    @classmethod
    def of(cls, report: Report) -> Self:
        """Index a report."""
        entries, declarations = ledger(report)
        return cls(
            figures={figure.id: figure for figure in report.all_figures()},
            entries=_grouped((entry.id, (entry.amount_msat, entry.count)) for _, entry in entries),
            declarations={declaration.id: declaration for _, declaration in declarations},
            worths=_grouped(pair for _, entry in entries for pair in _worths(entry, report.prices)),
        )


def _worths(entry: Entry, prices: Prices) -> Iterator[tuple[tuple[str, str, str], str]]:
    for currency in prices.currencies:
        values = {
            "receipt": prices.at_receipt(entry, currency).value,
            "today": prices.today(entry.amount_msat, currency),
        }
        for when, value in values.items():
            if value is not None:
                yield (when, entry.id, currency), decimal_text(value)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, frozenset[V]]:
    found: defaultdict[K, set[V]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}
