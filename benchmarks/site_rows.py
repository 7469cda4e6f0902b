"""The product over one world: cold, without news and after one payment, against a plain script and hugo."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.markdown_pages import hugo_built, hugo_site, markdown_pages
from benchmarks.process import Usage, cpu, in_turns, module, peak, run, set_aside, sunlit
from benchmarks.row import MIB, Row, exponent

ENTRIES_EACH: Final = 100
GITHUB_MIB: Final = 40
SITE_MOST_MB: Final = 700


@dataclass(frozen=True, slots=True)
class Files:
    """A site as it lies on disk."""

    hashes: dict[str, str]
    bytes: int
    largest: int

    @classmethod
    def below(cls, folder: Path) -> "Files":
        """Read every file."""
        data = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
        sizes = [path.stat().st_size for path in data.values()]
        hashes = {name: sha256(path.read_bytes()).hexdigest() for name, path in data.items()}
        return cls(hashes, sum(sizes), max(sizes))

    def changed(self, other: "Files") -> list[str]:
        """Return the names of files that came, went or differ."""
        names = self.hashes.keys() | other.hashes.keys()
        return sorted(name for name in names if self.hashes.get(name) != other.hashes.get(name))


@dataclass(frozen=True, slots=True)
class Measured:
    """What one world took."""

    used: dict[str, list[Usage]]
    files: Files
    news: list[str]  #: files that one payment changed

    def cpu_s(self, name: str) -> float:
        """Return the median CPU time of one way."""
        return cpu(self.used[name])


def world(folder: Path, projects: int, entries: int) -> Path:
    """Make a world, or take the one that is there."""
    site = folder / f"world-{projects}-{entries}"
    if not (site / "config.yaml").is_file():
        module("world", "make", site, projects, entries)
    return site


#: What any build imports that makes a page with a chart, whoever wrote it.
LIBRARIES: Final = "import click, yaml, markdown, jinja2, matplotlib.ticker"
#: Of a render on one core.
ONE_CORE: Final = ("--jobs", "1")


def rendered_cold(site: Path, *options: str) -> Usage:
    """Render a site of which nothing is there."""
    for name in ("output", ".sunlit"):
        set_aside(site / name)
    return sunlit(site, "render", *options)


def rendered_with_payment(site: Path) -> Usage:
    """Render a site that stands, after one more payment."""
    module("world", "pay", site)
    return sunlit(site, "render", *ONE_CORE)


def measure(folder: Path, projects: int, entries: int, *, peers: bool = False, rounds: int = 5) -> Measured:
    """Render a world cold, again, and after one payment; in turns with the peers where asked."""
    site = world(folder, projects, entries)
    news: list[str] = []

    def cold() -> Usage:
        return rendered_cold(site, *ONE_CORE)

    def paid() -> Usage:
        before = Files.below(site / "output")
        used = rendered_with_payment(site)
        news[:] = before.changed(Files.below(site / "output"))
        return used

    ways = {"cold": cold, "no news": lambda: sunlit(site, "render", *ONE_CORE), "payment": paid}
    if peers:
        ways["libraries"] = lambda: run([sys.executable, "-c", LIBRARIES])
        ways["python"] = lambda: run([sys.executable, "-c", ""])
        ways["script"] = lambda: module("script.report", site, set_aside(folder / "script"))
        if shutil.which("hugo"):
            hugo = hugo_site(folder, markdown_pages(folder))
            ways["hugo"] = lambda: hugo_built(hugo, folder)
    used = in_turns(ways, rounds)
    return Measured(used, Files.below(site / "output"), news)


def rows(folder: Path, size: int) -> Iterator[Row]:
    """Yield what a site of this many projects costs."""
    entries = size * ENTRIES_EACH
    found = measure(folder, size, entries, peers=True)
    cold, idle, paid = map(found.cpu_s, ("cold", "no news", "payment"))
    label = f"{size} projects, {entries} entries"
    if "hugo" in found.used:
        hugo = found.cpu_s("hugo")
        text = f"{idle:.2f} s; hugo {hugo:.2f} s"
        yield Row(name=f"no news ÷ hugo, 1,000 pages ({label})", value=idle / hugo, most=1, text=text)
    else:
        yield Row(name="no news ÷ hugo", text=f"hugo is not installed; no news {idle:.2f} s")
    yield Row(name="one payment ÷ no news", value=paid / idle, most=2, text=f"{paid:.2f} s; {idle:.2f} s")
    imports = found.cpu_s("libraries") - found.cpu_s("python")
    text = f"{idle:.2f} s, and {imports:.2f} s for {LIBRARIES.partition(' ')[2]}"
    name = "no news and no more than the imports of libraries that render ÷ no news"
    yield Row(name=name, value=(idle + imports) / idle, text=text)
    yield Row(
        name="one payment: files that differ",
        value=len(found.news),
        text=f"of {len(found.files.hashes)}: {', '.join(found.news[:12])}",
    )
    script = found.cpu_s("script")
    text = f"{script:.2f} s; {cold:.2f} s"
    yield Row(name="plain script ÷ cold", value=script / cold, least=4.5, text=text)
    yield from _size_rows(found, entries)
    yield from _growth_rows(folder, size, found)


def _size_rows(found: Measured, entries: int) -> Iterator[Row]:
    files, peak_mib = found.files, peak(found.used["cold"])
    text = f"{len(files.hashes)} files, {files.bytes / MIB:.1f} MiB"
    yield Row(name="bytes an entry", value=files.bytes / entries, most=3500, text=text)
    yield Row(name="largest file, MiB", value=files.largest / MIB, most=GITHUB_MIB)
    idle = peak(found.used["no news"])
    yield Row(name="cold: peak memory, MiB", value=peak_mib, most=1536, text=f"no news {idle:.0f} MiB")


def _growth_rows(folder: Path, size: int, large: Measured) -> Iterator[Row]:
    """Compare with a tenth of the projects, and with the same projects and a tenth of their history."""
    few = max(1, size // 10)
    small = measure(folder, few, few * ENTRIES_EACH, rounds=3)
    for name, most in (("cold", 1.05), ("no news", None), ("payment", None)):
        less, more = small.cpu_s(name), large.cpu_s(name)
        value = exponent(less, more, size / few)
        text = f"{few} projects {less:.2f} s, {size} projects {more:.2f} s"
        yield Row(name=f"growth of {name} in projects, exponent", value=value, most=most, text=text)
    yield _growth_in_history(folder, size)


def _growth_in_history(folder: Path, size: int) -> Row:
    """Compare payments into the same projects with all of their history, which stand, and a tenth of it."""
    short, whole = (world(folder, size, size * ENTRIES_EACH // times) for times in (10, 1))
    rendered_cold(short, *ONE_CORE)
    used = in_turns({site.name: partial(rendered_with_payment, site) for site in (short, whole)})
    turns = zip(used[short.name], used[whole.name], strict=True)
    return Row(
        name="growth of one payment in history, exponent",
        value=median(exponent(less.cpu_s, more.cpu_s, 10) for less, more in turns),
        most=0.15,
        text=f"a tenth of the entries {cpu(used[short.name]):.2f} s, all {cpu(used[whole.name]):.2f} s",
    )
