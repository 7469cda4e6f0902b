"""The id that follows from what a record says: nobody can say a thing twice under two names; pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from generator.ledger import Declaration, Entry, Kind, OtherMoney
from generator.places import BTCPAY
from generator.report.source_names import source_kind
from generator.snapshot import Attributed, Finding, OwnNumber, Rate, Record
from generator.snapshot.rekey import KEYED
from generator.sources.btcpay.movement import Stratum
from generator.sources.btcpay.privacy.rows import Cell, composed_id


def _of_entry(entry: Entry) -> str:
    """Return the id of a day's row; one for a payment is a keyed hash, which only its key can tell."""
    if source_kind(entry.source) != BTCPAY or KEYED.fullmatch(entry.id):
        return entry.id
    stratum = Stratum(
        entry.place,
        entry.kind,
        entry.created_month,
        entry.status,
        entry.reason,
        entry.period,
        purpose=entry.purpose,
    )
    return composed_id(Cell(stratum, entry.at.date(), entry.rail, entry.group))


def _of_other_money(money: OtherMoney) -> str:
    kind = () if money.kind is Kind.PAYMENT else (money.kind,)
    return "/".join((money.place, money.created_month, money.coin, money.rail, money.status, *kind))


def _of_attributed(record: Attributed) -> str:
    how = record.how.replace(" ", "-") or "rest"
    return "/".join((record.place, record.created_month, how, *record.others))


def _of_finding(finding: Finding) -> str:
    """Return check and subject, for a place of a store with the place between them."""
    if source_kind(finding.source) == BTCPAY and finding.place and finding.check != "accepted-drop":
        return f"{finding.check}/{finding.place}/{finding.subject}"
    return f"{finding.check}/{finding.subject}"


_IDS: Final[Mapping[type, Callable[[Any], str]]] = {
    Entry: _of_entry,
    Declaration: lambda record: f"{record.place}/{record.day}/{record.currency}",
    OtherMoney: _of_other_money,
    OwnNumber: lambda record: f"{record.place}/{record.created_month}",
    Attributed: _of_attributed,
    Finding: _of_finding,
    Rate: lambda record: f"{record.currency}/{record.day}",
}


def id_of(record: Record) -> str:
    """Return the id that a record must have; its own where other checks derive it, or only a server knows."""
    make = _IDS.get(type(record))
    return make(record) if make else record.id
