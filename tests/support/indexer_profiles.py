"""What the source of Angor makes of each indexer profile: the tables in docs/indexers.md.

`make profiles` writes them. Every reading has the limits of a real run and a clock that skips waiting.
"""

import asyncio
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from generator.errors import SourceError
from generator.ledger import Entry
from generator.sandbox.chain import ChainWorld
from generator.sandbox.indexer import PROFILES, Indexer, Quirks
from generator.sandbox.indexer.profiles import TOO_MANY_JSON
from generator.sandbox.indexer.quirks import Quota
from generator.snapshot import Announced, Finding, Known, Project, Record
from generator.snapshot.announced import UNFOUNDED_ALONE, UNWITNESSED
from generator.sources.http import HttpLimits
from tests.support.angor_reading import relay
from tests.support.angor_sandbox import nearby, one_project, slugs, source
from tests.support.paths import ROOT
from tests.support.skipping_loop import SkippingLoop

PROJECT = 4  #: has investments of every fate
SAME = "the same log"
UNSAID = "another log, and nothing says so"
ALONE = "one word, and `/health/` says so"
PAGE = ROOT / "docs" / "indexers.md"
HEAD = "| profile | alone | before an honest server |\n|---|---|---|\n"
PAIRS = "| dies in mid-run ↓ · goes on → |"
#: Requests that the first server of a pair answers; a reading takes about 60.
LIFE = 20
#: Far below the real caps, which no world of a test reaches.
CUT, FEW, PART = 3, 20, 4
#: Each profile, and once more what its cap, its quota or a fault behind it makes of it.
SITUATIONS: Final[dict[str, Quirks]] = {
    **PROFILES,
    "mempool-fulcrum, history beyond its cap": replace(PROFILES["mempool-fulcrum"], cap=CUT),
    "mempool-fulcrum, list that breaks off": replace(PROFILES["mempool-fulcrum"], breaks_off=PART),
    "mempool-fulcrum, heights one off": replace(PROFILES["mempool-fulcrum"], height_off=1),
    "mempool-electrumx, history beyond its cap": replace(PROFILES["mempool-electrumx"], cap=CUT),
    "blockstream, history beyond its cap": replace(PROFILES["blockstream"], cap=CUT),
    "blockstream, quota used up": replace(
        PROFILES["blockstream"], quota=Quota(per_s=700 / 3600, burst=FEW, answer=TOO_MANY_JSON, ban_s=3600)
    ),
}
#: What stands in the table of pairs for how a judgement begins.
MARKS: Final = {
    SAME: "=",
    "complete": "f",
    "less": "f",
    "≥": "≥",
    "no project, unread": "u",
    "no project, unfounded": "!",
    UNSAID: "!",
    "not read": "0",
    "one word": "1",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one reading."""

    text: str  #: as it stands in the table
    requests: int
    seconds: float  #: of the skipping clock

    @property
    def mark(self) -> str:
        """The same in one character."""
        return next(mark for begin, mark in MARKS.items() if self.text.startswith(begin))


@cache
def small() -> ChainWorld:
    return one_project(PROJECT)


@cache
def expected() -> list[Record]:
    """Return what a server without quirks shows."""
    found = _run(nearby(small()))[0]
    assert not isinstance(found, SourceError)
    return found


def outcome(quirks: Quirks, *, before_honest: bool, latency_scale: float = 0.0) -> Outcome:
    """Read with this server alone, or with an honest one behind it."""
    server = nearby(small(), "server", quirks)
    server.latency_scale = latency_scale
    return _judged(server, [nearby(small(), "honest")] if before_honest else [])


def handed_over(first: str, second: str, *, after: int = LIFE) -> Outcome:
    """Read over two servers, of which the first one dies after some requests."""
    dying = nearby(small(), "server", replace(SITUATIONS[first], dies_after=after))
    return _judged(dying, [nearby(small(), "second", SITUATIONS[second])])


def _judged(server: Indexer, others: Sequence[Indexer]) -> Outcome:
    found, alone, seconds = _run(server, *others)
    text = f"not read: {found.message}" if isinstance(found, SourceError) else _judgement(found, alone=alone)
    return Outcome(_plain(text), len(server.asked), seconds)


def _run(*servers: Indexer) -> tuple[list[Record] | SourceError, bool, float]:
    """Return what was read, whether one indexer alone told it, and how long it took."""

    async def reading() -> tuple[list[Record] | SourceError, bool, float]:
        found: list[Record] | SourceError
        world = small()
        async with (
            relay([event.to_obj() for event in world.events]) as url,
            source(world, servers, url, listed=slugs(world), limits=HttpLimits()) as angor,
        ):
            try:
                found = [record async for record in angor.collect(Known(), at=world.now, full=False)]
            except SourceError as error:
                found = error
            alone = not {UNWITNESSED, UNFOUNDED_ALONE}.isdisjoint(angor.tally.reads)
            return found, alone, asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(reading())


def _judgement(found: Sequence[Record], *, alone: bool) -> str:
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
    elif not all(project.complete for project in projects):
        mark = "≥"
    else:
        mark = "complete" if _entries(found) == _entries(expected()) else "less"
    if alone and mark in {"less", "no project, unfounded"}:
        return f"{ALONE}: {mark}"
    said = Counter(map(_plain, dict.fromkeys(reasons)))
    if not said:
        return UNSAID
    counted = (f"{reason} ({times} times)" if times > 1 else reason for reason, times in said.items())
    return f"{mark}: {'; '.join(counted)}"


def _entries(found: Sequence[Record]) -> set[str]:
    return {record.id for record in found if isinstance(record, Entry)}


def _plain(text: str) -> str:
    """Leave out of a sentence what is another with each port and world."""
    text = text.replace(".near.test", "")
    text = re.sub(r"(no indexer answers: )[^:]+: (?=server)", r"\1", text)  # which question it was is chance
    text = re.sub(r"address bcrt1\w+", "address …", text)
    return re.sub(r"\b[0-9a-f]{64}\b", "…", text)


def row(name: str, *, latency_scale: float = 0.0) -> str:
    """Return one line of the table, and print what it took."""
    quirks = SITUATIONS[name]
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


def cell(first: str, second: str) -> str:
    """Return what docs/indexers.md says of a pair."""
    names = list(SITUATIONS)
    begin = f"| {names.index(first) + 1} {first} |"
    found = next(line for line in PAGE.read_text().splitlines() if line.startswith(begin))
    return found.removeprefix(begin).split("|")[names.index(second)].strip()


def cells(first: str) -> list[str]:
    """Return what becomes of a run over a server that dies and each of the others, as marks."""
    return [handed_over(first, second).mark for second in SITUATIONS]


def pairs() -> Iterator[str]:
    """Yield the lines of the table of pairs; columns are rows by number."""
    names = list(SITUATIONS)
    yield f"{PAIRS} {' | '.join(str(number) for number, _ in enumerate(names, 1))} |"
    yield f"|---|{'---|' * len(names)}"
    for number, first in enumerate(names, 1):
        yield f"| {number} {first} | {' | '.join(cells(first))} |"


def written() -> str:
    """Return docs/indexers.md with its tables anew."""
    page = _replaced(PAGE.read_text(), HEAD, (row(name, latency_scale=1) for name in SITUATIONS))
    head, rule, *rows = pairs()
    return _replaced(page, PAIRS, [head.removeprefix(PAIRS), rule, *rows])


def _replaced(page: str, head: str, rows: Iterable[str]) -> str:
    before, mark, rest = page.partition(head)
    after = re.sub(r"\A([^\n]+\n)*", "", rest)
    return before + mark + "\n".join(rows) + "\n" + after


if __name__ == "__main__":
    PAGE.write_text(written())
