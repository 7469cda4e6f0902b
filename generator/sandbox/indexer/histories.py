"""An address's history as a server lists it: its order, its pages, its cap."""

from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException

from generator.sandbox.indexer import documents
from generator.sandbox.indexer.index import Indexed
from generator.sandbox.indexer.question import Question
from generator.sandbox.indexer.quirks import UnknownCursor

_NOWHERE: Final = "00" * 32


def first_page(asked: Question) -> object:
    """Return waiting transactions and the first page of confirmed ones, or what follows a transaction."""
    quirks, after = asked.quirks, _cursor(asked, asked.query.get("after_txid") or None)
    waiting, confirmed = _halves(asked)
    if not quirks.follows_after_txid or quirks.restarts:
        after = None
    unknown = quirks.unknown_cursor
    if quirks.page_in_all is not None:
        rows = _in_electrum_order(asked, waiting, confirmed) if quirks.electrum_order else waiting + confirmed
        return _listed(asked, quirks.part(rows, after, size=quirks.page_in_all, unknown=unknown))
    if after is None:
        page = quirks.part(confirmed, None, size=quirks.page, unknown=unknown)
        return _listed(asked, waiting[: quirks.mempool_page] + page)
    if after in [known.tx.txid for known in waiting]:
        rest = quirks.part(waiting, after, size=quirks.mempool_page, unknown=unknown)
        return _listed(asked, rest + quirks.part(confirmed, None, size=quirks.page, unknown=unknown))
    return _listed(asked, quirks.part(confirmed, after, size=quirks.page, unknown=unknown))


def chain_page(asked: Question) -> object:
    """Return confirmed transactions, from the one after that the path names; none for an unknown one."""
    size, after = asked.quirks.page, _cursor(asked, asked.path.get("after"))
    page = asked.quirks.part(_halves(asked)[1], after, size=size, unknown=UnknownCursor.EMPTY)
    return _listed(asked, page)


def _cursor(asked: Question, after: str | None) -> str | None:
    """Return from where to go on, which is nowhere for a server that does not know it yet."""
    return _NOWHERE if after and asked.quirks.forgets_cursors and not asked.again else after


def waiting_page(asked: Question) -> object:
    """Return the newest waiting transactions."""
    return _listed(asked, _halves(asked)[0][: asked.quirks.mempool_page])


def address(asked: Question) -> object:
    """Return the totals of an address, which are 0 where a cap answers with nothing."""
    quirks, text = asked.quirks, asked.path["address"]
    if quirks.no_counts:
        return {"address": text}
    history = _history(asked)
    if quirks.counts_omitted and quirks.breaks_off is None and not _capped(asked):
        history = asked.index.history(asked.script)
    found = documents.address(asked.index, text, asked.script, history, twice=quirks.counts_spends)
    return {**found, "electrum": True} if quirks.backend == "electrum" else found


def _history(asked: Question) -> list[Indexed]:
    """Return what of a history this server lists, newest first."""
    if _capped(asked):
        if (refusal := asked.quirks.cap_answer) is not None:
            raise HTTPException(refusal.status, refusal.body)
        return []
    found = [known for known in asked.index.history(asked.script) if known.tx.txid not in asked.quirks.omits]
    return found if asked.quirks.breaks_off is None else found[-asked.quirks.breaks_off :]


def _capped(asked: Question) -> bool:
    cap = asked.quirks.cap
    return cap is not None and len(asked.index.history(asked.script)) > cap


def _halves(asked: Question) -> tuple[list[Indexed], list[Indexed]]:
    history = _history(asked)
    waiting = [known for known in history if not known.block] if asked.quirks.lists_waiting else []
    if asked.quirks.repeats_waiting:
        waiting = [*waiting, *waiting]
    return waiting, [known for known in history if known.block]


def _in_electrum_order(
    asked: Question, waiting: Sequence[Indexed], confirmed: Sequence[Indexed]
) -> list[Indexed]:
    """Order as mempool over Electrum: heights descend, in a block they ascend (public-servers.md 1.3)."""

    def waits_for_another(known: Indexed) -> bool:
        spent = (asked.index.transactions.get(entry.prev_txid) for entry in known.tx.inputs)
        return any(parent is not None and parent.block is None for parent in spent)

    last = [known for known in waiting if waits_for_another(known)]
    first = [known for known in waiting if known not in last]
    blocks = sorted(
        confirmed, key=lambda known: (-(known.block.height if known.block else 0), known.position)
    )
    return [*first, *blocks, *last]


def _listed(asked: Question, page: list[Indexed]) -> object:
    return [documents.transaction(asked.index, known, asked.quirks) for known in page]
