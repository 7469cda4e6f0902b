"""Ledger rows as leaves of an explanation: amount, value and evidence, rows of one transaction together."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

import msgspec

from generator.ledger import Declaration, Entry, OtherMoney
from generator.money import fiat_text, sat_text
from generator.report.figures.figure import decimal_text
from generator.report.prices import INVOICE, Prices
from generator.text_format import counted

Tree: TypeAlias = tuple[str, list["Tree"]]  #: a text and its branches


class RowValues(msgspec.Struct, frozen=True):
    """Says what a row was worth, where a figure is about that."""

    prices: Prices
    currency: str  #: empty for figures of satoshis

    def of(self, entry: Entry) -> list[str]:
        """Return value and rate; for figures of satoshis what the invoices say."""
        if not self.currency:
            return [fiat_text(part.value, part.currency) + " at receipt" for part in entry.at_receipt]
        value, unrated_msat, by = self.prices.at_receipt(entry, self.currency)
        if value is None:
            return [f"n/a, no {self.currency} rate of {entry.at:%Y-%m-%d}"]
        rate = self.prices.on(self.currency, f"{entry.at:%Y-%m-%d}")
        used = f"at {rate.price:f} by {by}" if rate and by != INVOICE else f"by {by}"
        rest = f", {sat_text(unrated_msat)} sat of it n/a" if unrated_msat else ""
        return [f"{decimal_text(value)} {self.currency} {used}{rest}"]


def entry_leaves(entries: Sequence[Entry], values: RowValues) -> list[Tree]:
    """Return rows as leaves; those that rest on the same evidence stand below it, which is said once."""
    shared: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        shared.setdefault(entry.evidence or (entry.source, entry.id), []).append(entry)
    return [
        (_entry(rows[0], values), []) if len(rows) == 1 else _together(rows, values)
        for rows in shared.values()
    ]


def declaration_leaf(row: Declaration) -> Tree:
    """Return ``<id> | <day> | <amount> <currency> | <count> | declared on <source>``."""
    mark = "≥ " if row.amounts_unknown else ""
    amount = "amount not known" if row.known_amount is None else f"{mark}{row.amount:f} {row.currency}"
    text = f"{row.id} | {row.day} | {amount} | {row.count} | declared on {row.source}"
    return text, []


def other_money_leaf(row: OtherMoney) -> Tree:
    """Return ``<id> | <month> | <amount> <coin> | <count> | reported by <source>``."""
    mark = "≥ " if row.amounts_unknown else ""
    known = row.amounts_unknown < row.count
    amount = f"{mark}{row.amount:f} {row.coin}" if known else "amount not known"
    text = f"{row.id} | {row.created_month} | {amount} | {row.count} | reported by {row.source}"
    return text, []


def drawn(branches: Sequence[Tree], before: str = "") -> Iterator[str]:
    """Yield branches line by line, each below its parent."""
    for number, (text, inner) in enumerate(branches, 1):
        last = number == len(branches)
        yield before + ("└─ " if last else "├─ ") + text
        yield from drawn(inner, before + ("   " if last else "│  "))


def time_text(at: datetime) -> str:
    """Return a UTC time as the log writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _together(entries: Sequence[Entry], values: RowValues) -> Tree:
    """Return one transaction with what its rows share: block, verification, evidence; the rows below it."""
    first = entries[0]
    total = sat_text(sum(entry.amount_msat for entry in entries))
    parts = [
        f"transaction {first.evidence[0]}",
        time_text(first.at),
        f"{counted(len(entries), 'row')}, {total} sat",
        *_proof(entries),
    ]
    return " | ".join(parts), [(_part(entry, values), []) for entry in sorted(entries, key=_number)]


def _number(entry: Entry) -> int:
    """Return the number of the output or input that a row stands for; ids sort as text, 10 before 2."""
    number = entry.id.removeprefix(entry.evidence[0])[1:]
    return int(number) if number.isdecimal() else 0


def _part(entry: Entry, values: RowValues) -> str:
    name = entry.id.removeprefix(entry.evidence[0])
    place = {":": f"output {name[1:]}", "/": f"input {name[1:]}"}.get(name[:1], name)
    parts = [place, f"{sat_text(entry.amount_msat)} sat", *(values.of(entry) if values.currency else [])]
    parts += [f"spends {entry.spends}"] if entry.spends else []
    return " | ".join(parts)


def _proof(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield block, verification and evidence; rows of one transaction share all but their verification."""
    first = entries[0]
    if first.height is not None:
        yield f"block {first.height} {first.block}".rstrip()
    levels = sorted({str(entry.verification) for entry in entries})
    yield f"{' and '.join(levels)} by {first.source}"
    if first.evidence and first.evidence[1:] == (f"{first.evidence[0]}@{first.block}", first.block):
        yield "evidence: its bytes, its Merkle branch and this block's header"
    elif first.evidence:
        yield f"evidence {', '.join(first.evidence)}"


def _entry(entry: Entry, values: RowValues) -> str:
    parts = [f"{entry.id}", time_text(entry.at), f"{sat_text(entry.amount_msat)} sat"]
    if entry.count > 1:
        parts.append(f"{entry.count} payments")
    parts += values.of(entry)
    parts += [f"spends {entry.spends}"] if entry.spends else []
    return " | ".join([*parts, *_proof([entry])])
