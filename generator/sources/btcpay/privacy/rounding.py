"""Rounding amounts, so that none can be found again on a chain or in somebody's books; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Final

from generator.ledger import AtReceipt
from generator.sources.btcpay.movement import EXACT
from generator.sources.btcpay.privacy.rows import Row, Worth, by_stratum, sum_worth

RESIDUAL: Final = "residual"  #: class of the row that carries what rounding took from the others
_CENT: Final = Decimal("0.01")


def rounded(rows: Iterable[Row], unit_msat: int) -> Iterator[Row]:
    """Round rows down to a multiple of `unit_msat`; the last row of a stratum's month takes what they lost.

    A row that rounds to nothing joins that last row whole, so no count is lost. A unit of 0 rounds nothing.
    """
    if not unit_msat:
        yield from rows
        return
    for *others, last in by_stratum(rows):
        collector = last
        for row in others:
            whole = row.amount_msat // unit_msat * unit_msat
            if not whole:
                collector = _residual(collector.joined(row))
            elif whole == row.amount_msat:
                yield row
            else:
                kept, lost = _split_worth(row, whole)
                collector = _residual(
                    replace(
                        collector,
                        amount_msat=collector.amount_msat + row.amount_msat - whole,
                        worth=sum_worth(collector.worth, lost),
                    )
                )
                yield replace(row, amount_msat=whole, worth=kept)
        yield collector


def _residual(row: Row) -> Row:
    return replace(row, cell=row.cell._replace(group=RESIDUAL))


def _split_worth(row: Row, whole_msat: int) -> tuple[Worth, Worth]:
    """Share a row's worth between its rounded amount and the rest of it.

    The rounded part's worth is given to the cent: an exact value at an exact
    rate would give the exact amount back.
    """
    kept, lost = [], []
    seen = shared = 0
    for part in row.worth:
        seen += part.amount_msat
        share = seen * whole_msat // row.amount_msat - shared  # cumulative, so that shares sum exactly
        shared += share
        with localcontext(EXACT):
            value = (part.value * share / part.amount_msat).quantize(_CENT, rounding=ROUND_HALF_EVEN)
            rest = part.value - value
        kept.append(AtReceipt(currency=part.currency, amount_msat=share, value=value))
        lost.append(AtReceipt(currency=part.currency, amount_msat=part.amount_msat - share, value=rest))
    return tuple(kept), tuple(lost)
