"""A forger who knows Sunlit: changes the log, then recomputes whatever depends on it with our own code."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from inspect import unwrap

import msgspec

from generator import pages, report
from generator.cli.render_step import content_from
from generator.config import Config
from generator.inputs import default_pages, templates
from generator.manifest import MANIFEST, complete
from generator.packed import pack
from generator.pages.files import log_path
from generator.png import is_drawn, pixel_hash
from generator.snapshot import (
    SCHEMA,
    FileState,
    Heading,
    Line,
    Record,
    Run,
    decode,
    encode,
    fold,
    snapshot_id,
)
from generator.verify.site_copy import SiteCopy
from tests.support.paths import ROOT

Lines = list[Line]
Edit = Callable[[Lines], Lines]


def lines_of(copy: SiteCopy) -> Lines:
    return [line for path, data in sorted(copy.log.items()) for line in decode(path, data)[1]]


def log_of(lines: Iterable[Line], *, sealed: bool = True) -> dict[str, bytes]:
    """Write a log, each of its run records vouching for everything before it; or saying what it said."""
    lines = list(lines)
    runs = sorted((line.record for line in lines if isinstance(line.record, Run)), key=lambda run: run.id)
    files: dict[str, bytes] = {}
    states: dict[str, FileState] = {}
    for run in runs:
        month = f"{run.at:%Y-%m}"
        ours = [line for line in lines if not isinstance(line.record, Run) and _written_in(line, run, runs)]
        for line in sorted(ours, key=lambda line: line.record.source):
            _write(files, month, line)
        found = [_state(path, data) for path, data in sorted(files.items()) if not path.startswith("runs/")]
        changed = tuple(state for state in found if states.get(state.path) != state)
        states |= {state.path: state for state in changed}
        vouching = msgspec.structs.replace(run, files=changed, snapshot=snapshot_id(states.values()))
        _write(files, month, Line(run=run.id, record=vouching if sealed else run))
    return files


def _written_in(line: Line, run: Run, runs: list[Run]) -> bool:
    """Tell whether a run wrote a line; what names no run that there is was written in the last one."""
    return line.run == run.id or (run is runs[-1] and line.run not in {known.id for known in runs})


def _write(files: dict[str, bytes], month: str, line: Line) -> None:
    path = f"{line.record.source}/{month}.jsonl"
    head = encode(Heading(schema=SCHEMA, source=line.record.source, month=month))
    files[path] = files.get(path, head) + encode(line)


def _state(path: str, data: bytes) -> FileState:
    return FileState(path=path, length=len(data), sha256=sha256(data).hexdigest())


def site_of(log: Mapping[str, bytes], config: Config) -> dict[str, bytes]:
    """Make the whole site from a log, honestly: every figure, page and hash follows from it."""
    known = fold(line for path, data in log.items() for line in decode(path, data)[1])
    built = unwrap(report.build)(known, config, demo=known.runs[-1].demo)  # its sums may be forged
    content = content_from(templates(ROOT), pages=default_pages(), log=log)
    return complete(dict(pages.render(built, content)), built)


def rehashed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a site with a manifest that lists what is there, as ours are written: else its bytes tell."""
    manifest = msgspec.json.decode(files[MANIFEST])
    manifest["files"] = {path: sha256(data).hexdigest() for path, data in files.items() if path != MANIFEST}
    pictures = {path: data for path, data in files.items() if is_drawn(path)}
    manifest["pixels"] = {path: _pixels(data) for path, data in pictures.items()}
    text = json.dumps(manifest, sort_keys=True, indent=1, ensure_ascii=False)
    return {**files, MANIFEST: f"{text}\n".encode()}


def _pixels(data: bytes) -> str:
    try:
        return pixel_hash(data)
    except ValueError:
        return sha256(data).hexdigest()


@dataclass(frozen=True, kw_only=True)
class LogTampering:
    """Lines of the log are changed; the forger recomputes everything behind them."""

    edit: Edit
    config: Callable[[Config], Config] = lambda config: config

    def alone(self, copy: SiteCopy) -> dict[str, bytes]:
        before = lines_of(copy)
        after = self.edit(before)
        assert after != before
        changed = {line.record.source for line in before if line not in after}
        changed |= {line.record.source for line in after if line not in before}
        files = dict(copy.files)
        for path in copy.log:
            source, month = path.split("/")
            if source in changed:
                own = [line for line in after if line.record.source == source]
                head = encode(Heading(schema=SCHEMA, source=source, month=month.removesuffix(".jsonl")))
                files[log_path(path)] = pack(head + b"".join(map(encode, own)))
        return files

    def forged(self, copy: SiteCopy, config: Config) -> dict[str, bytes]:
        return site_of(log_of(self.edit(lines_of(copy))), self.config(config))


@dataclass(frozen=True, kw_only=True)
class FileTampering:
    """Files of the site are changed; the forger recomputes the manifest."""

    edit: Callable[[dict[str, bytes]], None]

    def alone(self, copy: SiteCopy) -> dict[str, bytes]:
        files = dict(copy.files)
        self.edit(files)
        assert files != copy.files
        return files

    def forged(self, copy: SiteCopy, config: Config) -> dict[str, bytes]:
        del config
        return rehashed(self.alone(copy))


@dataclass(frozen=True, kw_only=True)
class ConfigTampering:
    """The published configuration is changed; the forger makes the whole site again."""

    change: Callable[[Config], Config]

    def alone(self, copy: SiteCopy) -> dict[str, bytes]:
        files = dict(copy.files)
        files["data/recipe.json"] += b" "
        return files

    def forged(self, copy: SiteCopy, config: Config) -> dict[str, bytes]:
        return site_of(copy.log, self.change(config))


def each(change: Callable[[Record], Iterator[Record]]) -> Edit:
    """Return an edit that replaces every record by what `change` yields for it."""

    def edit(lines: Lines) -> Lines:
        return [Line(run=line.run, record=new) for line in lines for new in change(line.record)]

    return edit


def first(wanted: Callable[[Record], bool], change: Callable[[Record], Iterable[Record]]) -> Edit:
    """Return an edit of the first record that is wanted."""

    def edit(lines: Lines) -> Lines:
        at, line = next((at, line) for at, line in enumerate(lines) if wanted(line.record))
        new = [Line(run=line.run, record=record) for record in change(line.record)]
        return [*lines[:at], *new, *lines[at + 1 :]]

    return edit
