"""The heights that servers say they stand at, and whether they can be believed."""

import asyncio
from collections.abc import Sequence
from typing import Final

from generator.errors import Invalid, SourceError, Unavailable
from generator.protocol.bitcoin import Header, MalformedData
from generator.protocol.proof.header_rules import HeaderRules
from generator.sources.indexers.esplora import Esplora

#: Blocks by which a server may be behind before it counts as stuck.
MAX_LAG: Final = 6
#: Questions of a probe at most, for which a configured rate makes it wait.
_QUESTIONS: Final = 40


async def probe(server: Esplora, genesis: str) -> None:
    """Probe within the time of one request: a server that is slow to say its height is no help.

    For one that nothing is heard of, nobody waits again before it is probed again.
    """
    pace = server.http.pace
    patience_s = server.http.limits.request_s + (_QUESTIONS / pace.most if pace.most else 0)
    pace.dead = False
    try:
        async with asyncio.timeout(patience_s):
            await server.probe(genesis)
    except TimeoutError:
        msg = f"tip height: {server.http.host}: no answer within {patience_s:g} s"
        raise Unavailable(server.http.source, msg) from None
    finally:
        pace.dead = not pace.heard


async def answers_another(server: Esplora) -> bool:
    """Tell whether a server that failed at one question answers another: a project's is no other's fault."""
    try:
        return await server.block_at(0) is not None
    except SourceError:
        return False


async def look_again(server: Esplora, genesis: str, *, height: int | None) -> None:
    """Raise `SourceError` unless a server is back; one that was never read must stand near this height."""
    if height is None:
        if await server.block_at(0) is None:
            raise Unavailable(server.http.source, f"{server.http.host} does not show its first block")
        return
    await probe(server, genesis)
    if abs(server.tip_height - height) > MAX_LAG:
        observed = f"{server.http.host} stands at block {server.tip_height}"
        raise Invalid(server.http.source, f"{observed}, expected about {height}")


async def tip_problem(server: Esplora, others: Sequence[Esplora], rules: HeaderRules) -> str | None:
    """Return in one sentence why a claimed tip is not to be believed, None when its block is shown.

    From the tip depth is counted, and servers behind it are not asked: one that claims
    a height of its own would confirm what is not deep and silence the rest.
    A server that has no headers is believed where there is no other to ask.
    """
    claim = f"{server.http.host} claims block {server.tip_height}"
    block = await server.block_at(server.tip_height)
    raw = await _header(server, block) if block else None
    if not block or (raw is None and others):
        return f"{claim} and does not show it"
    if raw is None:
        return None
    try:
        header = Header.parse(raw)
    except MalformedData as error:
        return f"{claim} and shows a malformed header ({error})"
    if header.hash != block or rules.problem(server.tip_height, header) is not None:
        return f"{claim} and shows a header without the work of one"
    for other in others:
        if other.tip_height < server.tip_height and await _header(other, block) is not None:
            lower = f"{other.http.host}, which stands at {other.tip_height}"
            return f"{claim} and shows one that is known to {lower}"
    return None


async def _header(server: Esplora, block: str) -> bytes | None:
    try:
        return await server.header(block)
    except SourceError:
        return None
