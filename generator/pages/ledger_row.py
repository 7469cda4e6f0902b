"""Rows of the ledger's table; a large site has a million, so Python writes them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import time
from decimal import Decimal
from typing import Final

import msgspec
from markupsafe import Markup

from generator.language import Language
from generator.ledger import Entry, Kind, Status, Verification
from generator.money import fiat_text, group, sat_text
from generator.pages.clean import escaped
from generator.pages.numbers import NOT_AVAILABLE
from generator.pages.state_marks import StateMark
from generator.places import ANGOR
from generator.recorded_words import recognised
from generator.report.figures.figure import decimal_text
from generator.report.ledger_rows import LedgerRow, short_id
from generator.report.prices import Prices
from generator.report.series.subtotals import RAILS
from generator.sentence import Sentence, Text, counting, say, say_count
from generator.wording import AT_LEAST, plain

KINDS: Final = {
    Kind.PAYMENT: say("payment"),
    Kind.REFUND: say("refund"),
    Kind.PAYOUT: say("payout"),
    Kind.INVESTMENT: say("investment"),
    Kind.FEE: say("fee"),
    Kind.CLAIM: say("claim"),
    Kind.PENALTY: say("penalty"),
    Kind.RELEASE: say("release"),
    Kind.RECOVERY: say("recovery"),
    Kind.UNCLASSIFIED: say("unclassified"),
}
#: Rows of several: those that BTCPay tells.
COUNTED: Final = {
    Kind.PAYMENT: counting("{count} payment", "{count} payments"),
    Kind.REFUND: counting("{count} refund", "{count} refunds"),
    Kind.PAYOUT: counting("{count} payout", "{count} payouts"),
}
#: The rules of `generator.ledger.MOVES`, as they are read.
MOVED: Final = {
    Kind.PAYMENT: say("backers → founder"),
    Kind.REFUND: say("founder → backers"),
    Kind.PAYOUT: say("founder → paid out"),
    Kind.INVESTMENT: say("backers → locked"),
    Kind.FEE: say("backers → angor"),
    Kind.CLAIM: say("locked → founder"),
    Kind.PENALTY: say("locked → penalty"),
    Kind.RELEASE: say("penalty → backers"),
    Kind.RECOVERY: say("locked → backers"),
    Kind.UNCLASSIFIED: say("locked → unknown"),
}
#: What is said of a class of payments; of those in time nothing.
GROUPS: Final = {
    "on_time": None,
    "late": say("after the invoice expired"),
    "partial": say("in part"),
    "over": say("overpaid"),
    "manual": say("marked by hand"),
    "mixed": say("several classes"),
    "archived": say("BTCPay no longer shows it"),
}
#: Word, shape and colour.
STATUSES: Final = {
    Status.CONFIRMED: (say("confirmed"), "reached", "ok"),
    Status.PENDING: (say("pending"), "pending", "warn"),
    Status.EXCLUDED: (say("in no sum"), "failed", "bad"),
}
EVIDENCE: Final = {
    Verification.PROVEN: (say("proven"), "proven", "proven"),
    Verification.REPORTED: (say("reported"), "reported", "reported"),
    Verification.FAILED: (say("failed"), "failed", "bad"),
}
_MIDNIGHT: Final = time()


class RowWriter(msgspec.Struct, frozen=True, kw_only=True):
    """Writes the rows of one page."""

    language: Language
    prices: Prices
    explorer: str  #: where transactions are shown, empty for nowhere
    statuses: dict[Status, str]  #: as they stand in a cell
    evidence: dict[Verification, str]
    moved: dict[Kind, str]
    places: Mapping[str, Sentence]  #: those whose rows say where they belong

    @classmethod
    def of(
        cls,
        language: Language,
        prices: Prices,
        explorer: str,
        state: Callable[[StateMark], object],
        places: Mapping[str, Sentence],
    ) -> "RowWriter":
        """Return a writer; `state` writes a state."""

        def written(word: Sentence, icon: str, kind: str) -> str:
            return str(state(StateMark(plain(word, language), icon, kind)))

        return cls(
            language=language,
            prices=prices,
            explorer=explorer,
            statuses={status: written(*mark) for status, mark in STATUSES.items()},
            evidence={level: written(*mark) for level, mark in EVIDENCE.items()},
            moved={kind: escaped(plain(move, language)) for kind, move in MOVED.items()},
            places=places,
        )

    def rows(self, rows: Iterable[tuple[str, LedgerRow]]) -> Markup:
        """Return rows with the name that links go to, in this order."""
        return Markup("".join([self._row(name, row) for name, row in rows]))  # noqa: S704 -- texts are escaped

    def _row(self, name: str, row: LedgerRow) -> str:
        """Return one row; its numbers are those of the id in its last cell."""
        first, at = row.first, row.first.at
        named = f"{at:%Y-%m-%d}" if at.time() == _MIDNIGHT else f"{at:%Y-%m-%dT%H:%M:%SZ}"
        worth = "".join(f"<td>{self._receipt(row, currency)}</td>" for currency in self.prices.currencies)
        void = ' class="void"' if first.status is Status.EXCLUDED else ""
        reason = (
            f'<span class="sub" data-said="source">{escaped(self._said(recognised(first.reason)))}</span>'
            if void
            else ""
        )
        day = self.language.day(at.date(), year=False)
        return (
            f'<tr id="{name}"{void}><th scope="row"><time datetime="{named}">{day}</time></th>'
            f"{self._what(row)}<td>{self.moved[first.kind]}</td><td>{self._sats(row.amount_msat)}</td>{worth}"
            f"<td>{self.statuses[first.status]}{reason}</td><td>{self.evidence[first.verification]}</td>"
            f"<td data-row>{self._id(name, row)}</td></tr>\n"
        )

    def _id(self, name: str, row: LedgerRow) -> str:
        on_chain = self.explorer and row.first.source == ANGOR
        if on_chain:  # the address has the id
            return f'<a href="{escaped(self.explorer + row.id)}">{short_id(row.id)}</a>'
        return f'<a href="#{name}" title="{escaped(row.id)}">{short_id(row.id)}</a>'

    def _receipt(self, row: LedgerRow, currency: str) -> str:
        """Return what a row was worth when it came in."""
        value, some_unrated = row.at_receipt(self.prices, currency)
        if value is None:
            return f'<span class="unknown">{escaped(self._said(NOT_AVAILABLE))}</span>'
        text, code = decimal_text(value), escaped(currency)
        shown = escaped(self.language.digits(fiat_text(Decimal(text), currency)))
        mark = AT_LEAST if some_unrated else ""
        return f'{mark}<data value="{text}" data-receipt data-currency="{code}">{shown}</data>'

    def _sats(self, amount_msat: int, of: str = "") -> str:
        """Return an amount of the row, or of the part whose id ends like this; its thousandths small."""
        whole, point, rest = sat_text(amount_msat).partition(".")
        small = f'<span class="milli">{self.language.decimal}{rest}</span>' if point else ""
        part = f'="{of}"' if of else ""
        return f'<data value="{amount_msat}" data-entry{part}>{whole}{small}</data>'

    def _said(self, sentence: Text) -> str:
        return plain(sentence, self.language)

    def _what(self, row: LedgerRow) -> str:
        """Return the cell that says what moved; parts of a transaction unfold."""
        first = row.first
        if first.source == ANGOR:
            items = [self._part(entry, row.id) for entry in row.parts] if len(row.parts) > 1 else []
            items += (
                []
                if first.height is None
                else [escaped(self._said(say("block {height}", height=str(first.height))))]
            )
            kind = escaped(self._said(_on_chain(row)))
            listed = "".join(f"<li>{item}</li>" for item in items)
            return (
                f"<td><details><summary>{kind}</summary><ul>{listed}</ul></details></td>"
                if items
                else f"<td>{kind}</td>"
            )
        kind = escaped(self._said(KINDS[first.kind]))
        if first.count > 1:
            data = f'<data value="{first.count}" data-count>{group(str(first.count))}</data>'
            kind = escaped(self.language.message(COUNTED[first.kind](first.count))).replace("{count}", data)
        said = ' data-said="source"' if _quotes(first) else ""
        found = (*_details(first), self.places.get(first.place, ""))
        details = (
            escaped(detail if isinstance(detail, str) else self._said(detail)) for detail in found if detail
        )
        return f"<td{said}>{', '.join([kind, *details])}</td>"

    def _part(self, entry: Entry, row: str) -> str:
        """Return a part of a transaction with its amount, which is a number of its own."""
        amount = self._sats(entry.amount_msat, escaped(entry.id.removeprefix(row)))
        if entry.kind is Kind.FEE:
            sentence = say("fee on top: {amount}")
        elif entry.stage is None:
            sentence = say("part: {amount}")
        elif entry.kind is Kind.INVESTMENT and entry.opens_at:
            sentence = say("stage {stage}: {amount}, opens {day}")
        else:
            sentence = say("stage {stage}: {amount}")
        opens = self.language.day(entry.opens_at) if entry.opens_at else ""
        return escaped(self.language.message(sentence)).format(amount=amount, stage=entry.stage, day=opens)


def _on_chain(row: LedgerRow) -> Sentence:
    kind, stages, number = KINDS[row.first.kind], {entry.stage for entry in row.entries}, len(row.entries)
    stage = row.first.stage
    if number == 1:
        return kind if stage is None else say("{kind}, stage {stage}", kind=kind, stage=stage)
    if len(stages) == number:
        return say_count("{kind}, {count} stage", "{kind}, {count} stages", number, kind=kind)
    if len(stages) > 1 or stage is None:
        return say_count("{kind}, {count} output", "{kind}, {count} outputs", number, kind=kind)
    return say_count(
        "{kind}, {count} output of stage {stage}",
        "{kind}, {count} outputs of stage {stage}",
        number,
        kind=kind,
        stage=stage,
    )


def _quotes(entry: Entry) -> bool:
    """Tell whether the details hold words of others, who may say any number."""
    words = (entry.rail and entry.rail.upper() not in RAILS) or (entry.group and entry.group not in GROUPS)
    return bool(words or entry.purpose)


def _details(entry: Entry) -> Iterator[Sentence | str]:
    if entry.rail:
        yield RAILS.get(entry.rail.upper(), entry.rail)
    if word := GROUPS.get(entry.group, entry.group):
        yield word
    if entry.purpose:
        yield entry.purpose
