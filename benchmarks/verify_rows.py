"""What verification of a site costs by size: its growth and its memory."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.process import Usage, cpu, in_turns, peak, sunlit
from benchmarks.row import Row, exponent
from benchmarks.site_rows import ENTRIES_EACH, ONE_CORE, world

MOST_MIB = 512


def rows(folder: Path, size: int) -> Iterator[Row]:
    """Verify a site and one with a tenth of its projects."""
    few = max(1, size // 10)
    small, large = (_verified(folder, count) for count in (few, size))
    less, more = cpu(small), cpu(large)
    text = f"{few} projects {less:.2f} s, {size} projects {more:.2f} s"
    yield Row(name="growth of verify, exponent", value=exponent(less, more, size / few), most=1.05, text=text)
    text = f"{few} projects {peak(small):.0f} MiB"
    yield Row(name="verify: peak memory, MiB", value=peak(large), most=MOST_MIB, text=text)


def _verified(folder: Path, projects: int) -> list[Usage]:
    """Verify a site; a world has no evidence, so that 5 is the right answer."""
    site = world(folder, projects, projects * ENTRIES_EACH)
    if not (site / "output" / "manifest.json").is_file():
        sunlit(site, "render", *ONE_CORE)
    return in_turns({"verify": lambda: sunlit(site, "verify", "output", allowed=(0, 5, 6))}, 3)["verify"]
