"""Which outputs are spent and by whom, as one server says; some servers only say that they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from generator.errors import Invalid
from generator.protocol.proof.placed_transaction import BlockPosition
from generator.sources.http import HttpAnswer, SlowAnswer, TooHeavy
from generator.sources.indexers.address_history import read_history
from generator.sources.indexers.checked_answers import ask_transaction
from generator.sources.indexers.esplora import Esplora, block_in
from generator.sources.indexers.esplora_json import MANY_OUTSPENDS, OUTSPENDS, Outspend

#: How many transactions one question about spends may name (mempool's backend, ``$getBatchedOutspends``).
MANY: Final = 50
#: How servers, and what stands before them, say that they do not take such a question.
_NO_SUCH_ROUTE: Final = frozenset({400, 401, 403, 404, 405, 410, 413, 414, 422, 451, 501})
#: Failures in a row after which one does not take it; a single one can be of a transaction it does not know.
_FAILURES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spender:
    """The input that spends an output."""

    txid: str
    vin: int
    block: BlockPosition | None  #: None while unconfirmed


async def ask_spenders(server: Esplora, txid: str, addresses: Mapping[int, str]) -> dict[int, Spender]:
    """Return who spends which of these outputs; `addresses` are theirs, by output number."""
    rows, answer = server.outspends.pop(txid) if txid in server.outspends else await _outspends(server, txid)
    if _without_order(rows):
        named = await _spenders_in_bytes(server, txid, rows, answer)
        return {vout: named[vout] for vout in addresses if vout in named}
    found: dict[int, Spender] = {}
    for vout, address in addresses.items():
        if vout >= len(rows):
            observed = f"{server.http.host} lists {len(rows)} outputs; expected at least {vout + 1}"
            raise Invalid(server.http.source, f"spends of {txid}: {observed}")
        row = rows[vout]
        if not row.spent:
            continue
        if row.txid is None or row.vin is None:
            found[vout] = await _spender_in_history(server, txid, vout, address)
        else:
            block = await _block_of(server, row, row.txid, answer)
            found[vout] = Spender(txid=row.txid, vin=row.vin, block=block)
    return found


def _without_order(rows: Sequence[Outspend]) -> bool:
    """Tell whether rows come from blockcore's server: which output one is about, it does not say."""
    return any(row.vin is not None and row.vin < 0 for row in rows)


async def _spenders_in_bytes(
    server: Esplora, txid: str, rows: Sequence[Outspend], answer: HttpAnswer
) -> dict[int, Spender]:
    """Return who spends the outputs of a transaction, from the bytes of those that rows in any order name.

    Raise `Invalid` when these spend fewer of them than the rows say.
    """
    found: dict[int, Spender] = {}
    for spender, row in {row.txid: row for row in rows if row.spent and row.txid is not None}.items():
        block = await _block_of(server, row, spender, answer)
        for vin, spent in enumerate((await ask_transaction(server, spender)).inputs):
            if spent.prev_txid == txid:
                found[spent.vout] = Spender(txid=spender, vin=vin, block=block)
    if len(found) < sum(row.spent for row in rows):
        observed = f"{server.http.host} says that more outputs are spent than what it names spends"
        raise Invalid(server.http.source, f"spends of {txid}: {observed}")
    return found


async def _block_of(server: Esplora, row: Outspend, txid: str, answer: HttpAnswer) -> BlockPosition | None:
    return block_in(row.status, answer) if row.status is not None else await server.block_of(txid)


async def _spender_in_history(server: Esplora, txid: str, vout: int, address: str) -> Spender:
    history = await read_history(server, address)
    for listing in history.listings.values():
        if (txid, vout) in listing.spends:
            vin = listing.spends.index((txid, vout))
            return Spender(txid=listing.txid, vin=vin, block=listing.block)
    observed = f"{server.http.host} says output {vout} is spent and lists nothing that spends it"
    raise Invalid(server.http.source, f"spends of {txid}: {observed}")


async def fetch_outspends(server: Esplora, txids: Sequence[str]) -> None:
    """Ask for the spends of at most `MANY` transactions at once, to be taken by `ask_spenders`."""
    server.outspends.update(await _outspends_of_many(server, txids))


async def ask_spent_outputs(
    server: Esplora, txids: Sequence[str], *, at_once: bool = False
) -> dict[str, frozenset[int]] | None:
    """Return which outputs of at most `MANY` transactions are spent: one question, or one for each.

    With `at_once` return None where the server does not take such a question.
    """
    found = await _outspends_of_many(server, txids)
    if at_once and not server.takes_many:
        return None
    for txid in txids:
        if txid not in found:
            found[txid] = await _outspends(server, txid)
    return {txid: await _spent(server, txid, rows, answer) for txid, (rows, answer) in found.items()}


async def _spent(server: Esplora, txid: str, rows: Sequence[Outspend], answer: HttpAnswer) -> frozenset[int]:
    if _without_order(rows):
        return frozenset(await _spenders_in_bytes(server, txid, rows, answer))
    return frozenset(vout for vout, row in enumerate(rows) if row.spent)


async def _outspends(server: Esplora, txid: str) -> tuple[Sequence[Outspend], HttpAnswer]:
    answer = await server.get(f"/tx/{txid}/outspends", f"spends of {txid}")
    return answer.decode(OUTSPENDS), answer


async def _outspends_of_many(
    server: Esplora, txids: Sequence[str]
) -> dict[str, tuple[Sequence[Outspend], HttpAnswer]]:
    """Return what one question gives, nothing where it gives nothing: those are asked for alone.

    Of one it does not know a server answers with nothing, or fails at the whole question. One that does
    not answer such questions is not asked another in this run.
    """
    if not server.takes_many:
        return {}
    path, subject = f"/txs/outspends?txids={','.join(txids)}", f"spends of {len(txids)} transactions"
    try:
        answer = await server.get(path, subject, accept=_NO_SUCH_ROUTE, shrinkable=True)
    except TooHeavy as failure:
        server.many_failures += 1
        if server.many_failures >= _FAILURES or isinstance(failure, SlowAnswer):
            server.takes_many = False
        return {}
    if answer.status in _NO_SUCH_ROUTE or answer.is_page:
        server.takes_many = False
        return {}
    lists = answer.decode(MANY_OUTSPENDS)
    if len(lists) != len(txids):
        observed = f"answers for {len(lists)} transactions"
        raise answer.invalid(observed, f"expected {len(txids)}")
    server.many_failures = 0
    return {txid: (rows, answer) for txid, rows in zip(txids, lists, strict=True) if rows}
