"""Any sequence of runs, edits and accidents: after each of them a build gives what a clean one gives."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir
from datetime import timedelta
from inspect import unwrap
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from generator import report
from generator.inputs import default_templates
from generator.ledger import Entry
from generator.manifest import MANIFEST
from generator.snapshot import Line, Outcome, Record, Run, Withdrawn, run_id
from tests.build.built_site import CACHES, assert_as_clean, configured, install, write_lines
from tests.build.other_inputs import CONFIGS, MORE, PAGES
from tests.support.proving import in_full
from tests.verify.bench import Bench
from tests.verify.forgeries import Forgery

OUTPUT: Final = Path("output")
CACHE: Final = CACHES[0]


class Maintained:
    """A site in the current folder that things happen to; `number` chooses among what can."""

    def __init__(self, judge: Bench) -> None:
        self.judge = judge
        self.lines = judge.lines
        self.versions: dict[str, str] = {}  #: of libraries that are not as they were

    def run(self, number: int, *records: Record, hours: int, failed: bool = False) -> None:
        """Append what a later run saw."""
        last = max(
            (line.record for line in self.lines if isinstance(line.record, Run)), key=lambda run: run.id
        )
        asked = list(last.asked)
        if failed:
            at = number % len(asked)
            asked[at] = msgspec.structs.replace(asked[at], outcome=Outcome.UNAVAILABLE, message="silent")
        at = last.at + timedelta(hours=hours)
        run = msgspec.structs.replace(last, id=run_id(at, "later"), at=at, asked=tuple(asked))
        self.lines = [*self.lines, *(Line(run=run.id, record=record) for record in (*records, run))]

    def chosen(self, number: int, kind: type = object) -> Record:
        """Return one of the records that lines hold."""
        found = [line.record for line in self.lines if isinstance(line.record, kind)]
        return found[number % len(found)]

    def paid(self, number: int) -> None:
        entry = self.chosen(number, Entry)
        self.run(
            number, msgspec.structs.replace(entry, id=f"{entry.id}x{number}", amount_msat=number + 1), hours=1
        )

    def silent(self, number: int) -> None:
        self.run(number, hours=number % 50 + 1, failed=True)

    def waited(self, number: int) -> None:
        self.run(number, hours=number % 1000 + 1)

    def withdrawn(self, number: int) -> None:
        record = self.chosen(number)
        if not isinstance(record, Run | Withdrawn):
            gone = Withdrawn(id="/".join((record.key[0], record.id)), source=record.source, reason="gone")
            self.run(number, gone, hours=1)

    def edited(self, number: int) -> None:
        found = [forgery for forgery in self.judge.forgeries if isinstance(forgery, Forgery)]
        self.lines = found[number % len(found)].edit(self.lines)

    def restored(self, _number: int) -> None:
        self.lines = self.judge.lines

    def configured(self, number: int) -> None:
        edits = [{}, *CONFIGS.values()][number % (len(CONFIGS) + 1)]
        Path("config.yaml").write_text(configured(self.judge, edits))

    def templated(self, number: int) -> None:
        name = sorted(default_templates())[number % len(default_templates())]
        path = Path("templates", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.unlink()
        else:
            path.write_bytes(default_templates()[name] + MORE[name.rpartition(".")[2]])

    def written(self, number: int) -> None:
        PAGES.mkdir(parents=True, exist_ok=True)
        path = PAGES / ("about.md", "news.md", "more.md")[number % 3]
        if path.exists() and number % 2:
            path.rename(path.with_name("other.md"))
        elif path.exists():
            path.unlink()
        else:
            path.write_text(f"# {number}\n\nWords.\n")

    def upgraded(self, number: int) -> None:
        self.versions.clear()
        if number % 2:
            self.versions["jinja2"] = str(number)

    def without_cache(self, _number: int) -> None:
        shutil.rmtree(CACHE, ignore_errors=True)

    def truncated(self, number: int) -> None:
        for path in files(CACHE):
            path.write_bytes(path.read_bytes()[: -(number % 3000) - 1])

    def kept(self, _number: int) -> None:
        for folder in (OUTPUT, CACHE):
            shutil.rmtree(Path("kept", folder), ignore_errors=True)
            if folder.exists():
                shutil.copytree(folder, Path("kept", folder))

    def put_back(self, number: int) -> None:
        """Put back an older output, an older cache or both, as a job does that restores them."""
        for place, folder in enumerate((OUTPUT, CACHE)):
            if (number % 3 + 1) >> place & 1 and Path("kept", folder).exists():
                shutil.rmtree(folder, ignore_errors=True)
                shutil.copytree(Path("kept", folder), folder)

    def touched(self, number: int) -> None:
        if found := _but_manifest():
            path = found[number % len(found)]
            path.write_bytes(path.read_bytes() + b"x")

    def removed(self, number: int) -> None:
        if found := _but_manifest():
            found[number % len(found)].unlink()

    def without_output(self, _number: int) -> None:
        shutil.rmtree(OUTPUT, ignore_errors=True)

    def nothing(self, _number: int) -> None:
        """Build once more."""


def _but_manifest() -> list[Path]:
    """Return the files of the site but the one it is known by, without which no build replaces the folder."""
    return [path for path in files(OUTPUT) if path != OUTPUT / MANIFEST]


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


EVENTS: Final[Mapping[str, Callable[[Maintained, int], None]]] = {
    name: method
    for name, method in vars(Maintained).items()
    if name not in {"run", "chosen"} and name[0] != "_"
}


# an example takes seconds: shrinking it would take minutes
@settings(max_examples=in_full(3, 150), phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    events=st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), st.integers(0, 2**16)), min_size=2, max_size=6)
)
def test_any_sequence(
    events: list[tuple[str, int]], built_once: Path, request: pytest.FixtureRequest
) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        shutil.copytree(built_once, folder, dirs_exist_ok=True)
        patch.setattr(report, "build", unwrap(report.build))  # sums of edited lines may not add up
        site = Maintained(request.getfixturevalue("judge"))  # as an argument it would be printed, log and all
        install(patch, site.versions)
        with chdir(folder):
            for name, number in events:
                EVENTS[name](site, number)
                write_lines(site.lines)
                assert_as_clean(*["--demo"] * (name == "nothing" and number % 2))
