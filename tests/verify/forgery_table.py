"""Writes `docs/forgeries.md`, every forgery with what finds it out: `make forgeries`."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from generator.cli.verify_process import installation
from generator.sandbox.world import World
from tests.support.paths import ROOT
from tests.verify.bench import Bench, bench
from tests.verify.forged_files import FileForgery
from tests.verify.forgeries import Forgery
from tests.verify.original import Original, publish

TABLE: Final = ROOT / "docs" / "forgeries.md"
#: What stands in the table where nothing finds a forgery and no declaration allows it.
UNSEEN: Final = "**nothing**"
LIMIT: Final = "limit "
Row = tuple[str, str, str]  #: type of record, whose, and field
OPENING: Final = """# Every forgery

`make forgeries` writes this page: it forges each field of each record type, and each kind of published
file, seals the forgery as somebody would who knows Sunlit, and notes which check of `sunlit verify`
finds it. [How to try one of your own](verify.md#try-to-fool-the-judge).

A name such as `entries-derived` is [a check](checks.md) that fails. *Limit* is followed by whose word
the field is (`generator/origin.py`): nobody can tell from a site alone, and each site's page `verify/`
says so.

The first column names the kind of source; behind a comma stands the kind of a row, or its status where it is
not confirmed, or the number of an event's kind. *Called anew*: the record also got the id that follows from
what it says then. *Another world* is a second honest site, from which a record or file is taken. **nothing**
would be a hole; a test asserts that there is none.
"""


def verdict(judge: Bench, forgery: Forgery | FileForgery) -> str:
    """Return the first check that finds a forgery, or its limit, or `UNSEEN`."""
    return next(judge.judge(forgery), f"{LIMIT}{forgery.limit}" if forgery.limit else UNSEEN)


def written(found: Iterable[tuple[Forgery | FileForgery, str]]) -> str:
    """Return the whole page from forgeries with what stands for each."""
    parts = [OPENING]
    for tag, own in groupby(found, key=lambda pair: pair[0].of[0]):
        parts.append(f"## `{tag}`\n\n| whose | field | forged |\n|---|---|---|")
        for (_, meaning, field), ways in groupby(own, key=lambda pair: pair[0].of):
            told = "; ".join(f"{forgery.way}: {name}" for forgery, name in ways)
            parts.append(f"| {meaning} | {f'`{field}`' if field else 'as a whole'} | {told} |")
        parts.append("")
    return "\n".join(parts)


def rows(page: str) -> Mapping[Row, Mapping[str, str]]:
    """Return the table of a page: by what is forged, each way with what stands for it."""
    return dict(_rows(page))


def _rows(page: str) -> Iterator[tuple[Row, Mapping[str, str]]]:
    tag = ""
    for line in page.splitlines():
        if line.startswith("## "):
            tag = line.strip("# `")
        elif line.startswith("| ") and not line.startswith("| whose"):
            meaning, field, ways = line.strip("| ").split(" | ")
            name = "" if field == "as a whole" else field.strip("`")
            yield (tag, meaning, name), dict(way.rsplit(": ", 1) for way in ways.split("; "))


def _original(seed: int) -> Original:
    with World(seed=seed) as world, TemporaryDirectory() as folder:
        return publish(world, Path(folder))


def main() -> None:
    """Make every forgery, print what finds it, and write the table."""
    judge = bench(_original(1), installation(), lambda: _original(2))
    found: list[tuple[Forgery | FileForgery, str]] = []
    for forgery in judge.forgeries:
        name = verdict(judge, forgery)
        print(f"{' '.join(forgery.of):<45} {forgery.way:<28} {name}", flush=True)
        found.append((forgery, name))
    TABLE.write_text(written(found))


if __name__ == "__main__":
    main()
