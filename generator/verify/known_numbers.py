"""The numbers that a site may state: its figures, and the rows of its ledger with what they were worth."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from generator.language import ENGLISH, Language
from generator.ledger import Declaration, Entry
from generator.report import Figure, Report
from generator.report.figures.figure import decimal_text
from generator.report.ledger_rows import LedgerRow, ledger_rows
from generator.report.prices import Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNumbers:
    """A report's numbers by id; rows of two sources may have the same id."""

    figures: Mapping[str, Figure]
    rows: Mapping[str, Sequence[LedgerRow]]  #: of ledgers
    parts: Mapping[str, Sequence[Entry]]  #: outputs and inputs of transactions, which rows fold
    declarations: Mapping[str, Declaration]
    prices: Prices = field(default_factory=Prices)
    titles: Mapping[str, Sequence[str]] = field(default_factory=dict)  #: of projects, by slug
    language: Language = ENGLISH  #: in which a page says them

    @classmethod
    def of(cls, report: Report, *, today: bool = True) -> Self:
        """Index a report, for pages that may quote figures of `today` or for all others."""
        frozen = {figure.id: figure for edition in report.editions for figure in edition.figures}
        rows: defaultdict[str, list[LedgerRow]] = defaultdict(list)
        parts: defaultdict[str, list[Entry]] = defaultdict(list)
        ledgers = [part.entries for part in report.projects] + [part.entries for part in report.stores]
        for row in (row for entries in ledgers for row in ledger_rows(entries)):
            rows[row.id].append(row)
            for entry in row.parts:
                parts[entry.id].append(entry)
        known = cls(
            figures=frozen | {figure.id: figure for figure in report.all_figures()},
            rows=dict(rows),
            parts=dict(parts),
            declarations={row.id: row for project in report.projects for row in project.declarations},
            prices=report.prices,
            titles={part.slug: (part.title, *part.titles.values()) for part in report.projects},
        )
        return known.and_figures(report.today) if today else known

    def without_titles(self, text: str, names: Sequence[str]) -> str:
        """Return a text without the titles of the projects whose figures are named."""
        slugs = {name.partition("/")[0] for name in names}
        titles = [title for slug in slugs for title in self.titles.get(slug, ())]
        for title in sorted(filter(None, titles), key=len, reverse=True):
            text = text.replace(title, "\ufffc")
        return text

    def said_in(self, language: Language) -> Self:
        """Return the same for pages in another language."""
        return replace(self, language=language)

    def and_figures(self, figures: Mapping[str, Figure]) -> Self:
        """Return these numbers with more figures, by id."""
        return replace(self, figures={**self.figures, **figures})

    def amounts_msat(self, of: str) -> set[int]:
        """Return the amounts of rows of an id, below zero where money left, or of parts of one."""
        parts = {entry.amount_msat for entry in self.parts.get(of, ())}
        return parts | {row.amount_msat for row in self.rows.get(of, ())}

    def worths(self, row: str, currency: str) -> set[str]:
        """Return what rows of an id were worth when they came in, as exact decimals."""
        if currency not in self.prices.currencies:
            return set()
        worths = (found.at_receipt(self.prices, currency)[0] for found in self.rows.get(row, ()))
        return {decimal_text(worth) for worth in worths if worth is not None}
