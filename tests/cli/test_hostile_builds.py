"""Whole builds of what is written to stop them: each text in all fields at once, and in each alone."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from markupsafe import escape

from generator.cli import Exit
from generator.text_bounds import OWN as OWN_PAGES
from generator.text_bounds import excess_of, quotation
from generator.text_format import clean, day_text
from tests.support.hostile_servers import FIELDS, OWN, TOKEN, Servers, served
from tests.support.hostile_texts import TEXTS

CPU_S = 1.5  #: more than a build with plain words takes, by the clock of the process; that one reads all
#: What lists projects of all kinds, and with them the words of those that changed.
LISTS = ("index.html", "manifest.json", "data/", "sources/", "stages/", "verify/")
#: Where files of one project lie: its pages and its card.
SHARES = (("p/", "/"), ("embed/", "."))
#: Files of all projects that a change of some fields may change: where titles stand, where news of terms do.
TITLED = (r"projects/p\d+\.svg|report/\d{4}-\d\d/index\.html", {"profile name", "crowdfund title"})
TERMS = (r"feed\.(atom|json)", TITLED[1] | {"description", "crowdfund description"})
PLAIN = "Plain **words**."
#: Relays and servers write JSON in UTF-8: what has no such form cannot come.
NAMES = sorted(name for name, text in TEXTS.items() if "\ud800" not in text)
CASES = [
    *(pytest.param(tuple(FIELDS), name, id=f"all fields: {name}") for name in NAMES),
    *(pytest.param((field,), name, id=f"{field}: {name}") for field in FIELDS for name in NAMES),
]
PAGES = ("notes", "matter")  #: of the maintainer
#: Fields that a page renders, with the project that says them and what its server makes of it.
RENDERED = {"description": ("solar-roof", "{}"), "crowdfund description": ("garden", "<p>{}</p>")}
KEPT = 20_000  #: letters of a text that the log has at most
#: Larger events are refused by our own relay reader, as most relays do.
SENT = 60_000


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a build left behind."""

    code: int
    cpu_s: float
    said: str
    files: dict[str, bytes]

    @property
    def others(self) -> dict[str, bytes]:
        """Return the files that are not about the projects whose words were changed.

        Without what each page says of runs: times and snapshot.
        """
        manifest = json.loads(self.files["manifest.json"])
        at = datetime.fromisoformat(manifest["as_of"])
        own = (
            *(f"{place}{slug}{end}" for place, end in SHARES for slug in OWN),
            *(f"{name}/" for name in PAGES),
        )
        times = (f"{at:%Y-%m-%d}T[0-9:]+Z", f"{day_text(at.date())}, [0-9:]+ UTC")  # the first run's too
        kept = (
            json.loads(data)
            for path, data in self.files.items()
            if re.fullmatch(r"report/.*/edition.json", path)
        )
        snapshots = {manifest["snapshot"], *(edition["snapshot"] for edition in kept)}
        names = (f"{name[:12]}(?:{name[12:]})?" for name in snapshots)  # a page for people shows the start
        run = re.compile("|".join((*names, *times)).encode())
        return {path: run.sub(b"", data) for path, data in self.files.items() if not path.startswith(own)}


def news_of_others(files: dict[str, bytes]) -> list[object]:
    """Return what the feed of all says of the projects whose words were not changed."""
    items = json.loads(files["feed.json"])["items"]
    return [item for item in items if item["_sunlit"]["project"] not in OWN]


def build(folder: Path, servers: Servers) -> Built:
    """Run the command as a process of its own."""
    (folder / "content/pages").mkdir(parents=True, exist_ok=True)
    for name, text in servers.pages.items():
        (folder / f"content/pages/{name}.md").write_bytes(text.encode())
    command = [sys.executable, "-m", "generator.cli", "build", "-c", str(folder / "config.yaml")]
    env = {**os.environ, TOKEN: servers.town.reader.text}
    with (folder / "said.txt").open("w+b") as said:
        child = subprocess.Popen(command, env=env, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        words = said.read().decode(errors="replace")
    output = folder / "output"
    files = {
        path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*") if path.is_file()
    }
    return Built(code=child.returncode, cpu_s=used.ru_utime + used.ru_stime, said=words, files=files)


class Scene:
    """A site that was built, and what becomes of it when strangers write something."""

    def __init__(self, servers: Servers, folder: Path) -> None:
        self.servers = servers
        self.folder = folder
        self.original = folder / "original"
        self.original.mkdir()
        (self.original / "config.yaml").write_text(servers.config())
        self.say((), "")
        self.plain = build(self.original, servers)

    def say(self, fields: Sequence[str], text: str) -> None:
        """Change what strangers wrote in some fields; in the others they write plainly."""
        for field, say in FIELDS.items():
            say(self.servers, text if field in fields else PLAIN)

    def with_words(self, fields: Sequence[str], text: str) -> Built:
        """Build the site again after some fields were changed."""
        self.say(fields, text)
        folder = self.folder / "again"
        shutil.copytree(self.original, folder, ignore=shutil.ignore_patterns("output", "said.txt"))
        try:
            return build(folder, self.servers)
        finally:
            shutil.rmtree(folder)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with served() as servers:
        yield Scene(servers, tmp_path_factory.mktemp("hostile"))


@pytest.mark.slow
@pytest.mark.proof(1)
@pytest.mark.parametrize(("fields", "name"), CASES)
def test_a_build_ends_and_changes_no_other_page(fields: Sequence[str], name: str, scene: Scene) -> None:
    text = TEXTS[name]
    made = scene.with_words(fields, text)
    others, before = made.others, scene.plain.others
    more = made.cpu_s - scene.plain.cpu_s
    print(f"{', '.join(fields)}: {name}, {made.cpu_s:.2f} s, plain words {scene.plain.cpu_s:.2f} s")
    assert made.code in (Exit.DONE, Exit.PARTLY), made.said
    assert "Traceback" not in made.said
    assert more < CPU_S
    assert others.keys() == before.keys()
    shown = [re.compile(paths) for paths, shown_of in (TITLED, TERMS) if shown_of & set(fields)]
    listed = [path for path in others if any(paths.fullmatch(path) for paths in shown)]
    same = [path for path in others if path not in listed and not path.startswith(LISTS)]
    print(f"{len(same)} of {len(others)} files of others compared")
    assert [path for path in same if others[path] != before[path]] == []
    assert news_of_others(others) == news_of_others(before) != []
    assert any(path.startswith("p/open-radio/") for path in same)
    for path in (*(f"p/{slug}" for slug in OWN), *PAGES):
        assert f"{path}/index.html" in made.files
    if "own page" in fields and excess_of(clean(f"# Notes\n\n{text}"), OWN_PAGES):
        assert "content/pages/notes.md:" in made.said
    for field in RENDERED.keys() & set(fields):
        slug, form = RENDERED[field]
        fault = quotation(form.replace("{}", text)[:KEPT]).fault
        if fault and len(text.encode()) < SENT:
            page = made.files[f"p/{slug}/index.html"].decode()
            assert str(escape(fault)) in page
