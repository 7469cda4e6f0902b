"""What the source of Angor makes of each indexer profile: the table in docs/indexers.md.

`make profiles` writes it. Every reading has the limits of a real run and a clock that skips waiting.
"""

import asyncio
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from generator.errors import SourceError
from generator.sandbox.chain import ChainWorld
from generator.sandbox.indexer import PROFILES, Indexer, Quirks, serve_indexer
from generator.snapshot import Announced, Finding, Project, Record
from generator.sources.http import HttpLimits
from tests.support.angor_reading import relay
from tests.support.angor_sandbox import nearby, one_project, read
from tests.support.paths import ROOT
from tests.support.skipping_loop import SkippingLoop

PROJECT = 4  #: has investments of every fate
SAME = "the same log"
UNSAID = "another log, and nothing says so"
PAGE = ROOT / "docs" / "indexers.md"
HEAD = "| profile | alone | before an honest server |\n|---|---|---|\n"
#: Far below the real caps, which no world of a test reaches.
CUT, FEW = 3, 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one reading."""

    text: str  #: as it stands in the table
    requests: int
    seconds: float  #: of the skipping clock


@cache
def small() -> ChainWorld:
    return one_project(PROJECT)


def situations() -> dict[str, Quirks]:
    """Return each profile, and once more what happens when its cap or its quota is met."""
    found: dict[str, Quirks] = {}
    for name, quirks in PROFILES.items():
        found[name] = quirks
        if quirks.cap is not None:
            found[f"{name}, history beyond its cap"] = replace(quirks, cap=CUT)
        if quirks.quota is not None and quirks.quota.ban_s:
            found[f"{name}, quota used up"] = replace(quirks, quota=replace(quirks.quota, burst=FEW))
    return found


@cache
def expected() -> list[Record]:
    """Return what a server without quirks shows."""
    found = _run(nearby(small()))[0]
    assert not isinstance(found, SourceError)
    return found


def outcome(quirks: Quirks, *, before_honest: bool, latency_scale: float = 0.0) -> Outcome:
    """Read with this server alone, or with an honest one behind it."""
    honest = [nearby(small(), "honest")] if before_honest else []
    if quirks.closed:
        with serve_indexer(small(), quirks=quirks) as closed:
            return _judged(closed, honest)
    server = nearby(small(), "server", quirks)
    server.latency_scale = latency_scale
    return _judged(server, honest)


def handed_over(first: str, second: str, *, after: int) -> Outcome:
    """Read over two profiles, of which the first one dies after some requests."""
    with serve_indexer(small(), quirks=replace(PROFILES[first], dies_after=after)) as dying:
        return _judged(dying, [nearby(small(), "second", PROFILES[second])])


def _judged(server: Indexer, others: Sequence[Indexer]) -> Outcome:
    found, seconds = _run(server, *others)
    text = f"not read: {found.message}" if isinstance(found, SourceError) else _judgement(found)
    return Outcome(_plain(text, server), len(server.asked), seconds)


def _run(*servers: Indexer) -> tuple[list[Record] | SourceError, float]:
    async def reading() -> tuple[list[Record] | SourceError, float]:
        found: list[Record] | SourceError
        async with relay([event.to_obj() for event in small().events]) as url:
            try:
                found = await read(small(), servers, url, limits=HttpLimits())
            except SourceError as error:
                found = error
            return found, asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(reading())


def _judgement(found: Sequence[Record]) -> str:
    if list(found) == expected():
        return SAME
    reasons = [
        record.reason
        for record in found
        if isinstance(record, (Finding, Announced)) and record.reason and record not in expected()
    ]
    projects = [record for record in found if isinstance(record, Project)]
    if not projects:
        census = ", ".join(record.outcome for record in found if isinstance(record, Announced))
        mark = f"no project, {census}" if census else "no project"
    elif all(project.complete for project in projects):
        mark = "complete"
    else:
        mark = "≥"
    if not reasons and mark == "complete":
        return UNSAID
    return f"{mark}: {'; '.join(dict.fromkeys(reasons))}"


def _plain(text: str, server: Indexer) -> str:
    """Leave out of a sentence what is another with each port and world."""
    text = text.replace(server.url.removeprefix("http://"), "server").replace(".near.test", "")
    text = re.sub(r"(no indexer answers: )[^:]+: (?=server)", r"\1", text)  # which question it was is chance
    text = re.sub(r"address bcrt1\w+", "address …", text)
    return re.sub(r"\b[0-9a-f]{64}\b", "…", text)


def row(name: str, *, latency_scale: float = 0.0) -> str:
    """Return one line of the table, and print what it took."""
    quirks = situations()[name]
    first, second = (
        outcome(quirks, before_honest=honest, latency_scale=latency_scale) for honest in (False, True)
    )
    print(
        f"{name}: {first.requests} requests in {first.seconds:.0f} s alone, "
        f"{second.requests} in {second.seconds:.0f} s before another",
        file=sys.stderr,
        flush=True,
    )
    return f"| {name} | {first.text} | {second.text} |"


def written() -> str:
    """Return docs/indexers.md with its table anew."""
    before, mark, rest = PAGE.read_text().partition(HEAD)
    after = re.sub(r"\A(\|.*\n)+", "", rest)
    return before + mark + "".join(f"{row(name, latency_scale=1)}\n" for name in situations()) + after


if __name__ == "__main__":
    PAGE.write_text(written())
