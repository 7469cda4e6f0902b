"""The numbers that a site may state: its figures, and the rows of its ledger with what they were worth."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

from generator.ledger import Declaration, Entry
from generator.report import Figure, Report
from generator.report.figures.figure import decimal_text
from generator.report.prices import Prices

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNumbers:
    """A report's numbers by id; rows of two sources may have the same id."""

    figures: Mapping[str, Figure]
    entries: Mapping[str, frozenset[tuple[int, int]]]  #: id → (msat, count)
    declarations: Mapping[str, Declaration]
    worths: Mapping[tuple[str, str], frozenset[str]]  #: (id of a row, currency) → exact decimals at receipt

    @classmethod
    def of(cls, report: Report, *, today: bool = True) -> Self:
        """Index a report, for pages that may quote figures of `today` or for all others."""
        entries = [entry for project in report.projects for entry in project.entries]
        declarations = [row for project in report.projects for row in project.declarations]
        return cls(
            figures={
                **{figure.id: figure for figure in report.all_figures()},
                **(report.today if today else {}),
            },
            entries=_grouped((entry.id, (entry.amount_msat, entry.count)) for entry in entries),
            declarations={declaration.id: declaration for declaration in declarations},
            worths=_grouped(pair for entry in entries for pair in _worths(entry, report.prices)),
        )


def _worths(entry: Entry, prices: Prices) -> Iterator[tuple[tuple[str, str], str]]:
    for currency in prices.currencies:
        value = prices.at_receipt(entry, currency).value
        if value is not None:
            yield (entry.id, currency), decimal_text(value)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, frozenset[V]]:
    found: defaultdict[K, set[V]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}
