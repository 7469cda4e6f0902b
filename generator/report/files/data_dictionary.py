"""The data dictionary: what each column of a published table means, as Table Schemas (Frictionless)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from generator.ledger import Kind, Status, Verification
from generator.report.files.downloads import DECLARATION_COLUMNS, ENTRY_COLUMNS, worth_columns
from generator.report.files.parts import RowKind
from generator.report.files.statements_csv import statement_columns
from generator.report.prices import Prices

#: By column, its type and what it means; what a table says otherwise stands under ``<table>.<column>``.
_TEXT, _INTEGER, _NUMBER, _TIME, _DAY = "string", "integer", "number", "datetime", "date"
COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "id": (_TEXT, "Id of the row within its source; it stays, also when the row is restated."),
    "source": (_TEXT, "Name of the source that tells the row: angor, or a BTCPay store."),
    "project": (_TEXT, "Slug of the project's page."),
    "place": (_TEXT, "Where the money belongs at its source."),
    "kind": (_TEXT, "What the movement means; /method/ says from which account to which each kind moves."),
    "status": (_TEXT, "confirmed rows are summed, pending and excluded ones are listed only."),
    "reason": (_TEXT, "Why a row is excluded."),
    "verification": (_TEXT, "How far the row was derived again from public data."),
    "amount_msat": (_INTEGER, "Amount in millisatoshis; never negative, the kind says which way it went."),
    "at": (_TIME, "When it moved, in UTC; a row of a day has its midnight."),
    "count": (_INTEGER, "How many payments the row is."),
    "rail": (_TEXT, "By which way it was paid."),
    "group": (_TEXT, "How a BTCPay payment counts: on time, late and so on."),
    "purpose": (_TEXT, "What a payout was for, as the configuration names it."),
    "period": (_TEXT, "First day of the period of a recurring goal to which the row belongs."),
    "party": (_TEXT, "Public key of the Angor investor."),
    "stage": (_INTEGER, "Number of the Angor stage."),
    "opens_at": (_TIME, "From when the founder may claim the output."),
    "spends": (_TEXT, "The outpoint that was spent."),
    "height": (_INTEGER, "Height of the block."),
    "block": (_TEXT, "Hash of the block."),
    "at_receipt": (_NUMBER, "What the part with a rate was worth when it came in; empty without a rate."),
    "rate_by": (_TEXT, "Who told the rate: the invoice, or a provider."),
    "unrated_msat": (_INTEGER, "What of the row has no rate, in millisatoshis."),
    "declarations.amount": (_NUMBER, "What the invoice says, in its currency; never converted."),
    "currency": (_TEXT, "Code of the currency (ISO 4217)."),
    "day": (_DAY, "UTC day."),
    "declarations.count": (_INTEGER, "How many invoices the row is."),
    "amounts_unknown": (_INTEGER, "How many of them say no amount."),
    "month": ("yearmonth", "UTC month in which money moved; other months have no row."),
    "opening_msat": (_INTEGER, "What the month before closed with, in millisatoshis."),
    "received_msat": (_INTEGER, "What came in, in millisatoshis."),
    "returned_msat": (_INTEGER, "What went back to backers, in millisatoshis."),
    "closing_msat": (_INTEGER, "opening + received - returned, in millisatoshis."),
    "paid_out_msat": (_INTEGER, "What the founder paid to others than backers; no part of closing."),
    "received_at_receipt": (_NUMBER, "What was received was worth when it came in."),
    "not_exact": (_TEXT, "Columns of the row that are not exact, each with its bound."),
}
_ENUMS: Final = {
    name: [member.value for member in words]
    for name, words in (("kind", Kind), ("status", Status), ("verification", Verification))
}


def table_schemas(prices: Prices) -> dict[str, bytes]:
    """Return the Table Schema of each kind of table, by its path."""
    currencies = prices.currencies
    tables = {
        RowKind.ENTRIES: (*ENTRY_COLUMNS, *worth_columns(prices)),
        RowKind.DECLARATIONS: DECLARATION_COLUMNS,
        RowKind.STATEMENTS: statement_columns(currencies),
    }
    return {
        schema_of_table(kind): json.dumps(_schema(kind, columns, currencies), indent=1).encode() + b"\n"
        for kind, columns in tables.items()
    }


def schema_of_table(kind: RowKind) -> str:
    """Return where the Table Schema of the tables of a kind is published."""
    return f"data/tables/{RowKind.ENTRIES if kind is RowKind.STORES else kind}.json"


def _schema(kind: RowKind, columns: Sequence[str], currencies: Sequence[str]) -> dict[str, Any]:
    fields = [_field(kind, column, currencies) for column in columns]
    return {"fields": fields, **({"primaryKey": "month"} if kind is RowKind.STATEMENTS else {})}


def _field(kind: RowKind, column: str, currencies: Sequence[str]) -> dict[str, Any]:
    currency = next((code for code in currencies if column.endswith(f"_{code}")), "")
    name = column.removesuffix(f"_{currency}") if currency else column
    form, meaning = COLUMNS.get(f"{kind}.{name}") or COLUMNS[name]
    found: dict[str, Any] = {"name": column, "type": form, "description": meaning}
    if currency:
        found["description"] = f"{meaning} In {currency}."
    if kind is RowKind.ENTRIES and name in _ENUMS:
        found["constraints"] = {"enum": _ENUMS[name]}
    return found
