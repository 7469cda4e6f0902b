"""A site in the current folder, built with what the last build left, compared with one built from nothing."""

import shutil
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from hashlib import sha256
from importlib import metadata
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from generator.build import code_stamp, standing_site
from generator.cli import Exit, run
from generator.cli.site_paths import DEMO
from tests.verify.bench import Bench
from tests.verify.forger import Lines, log_of

LOG: Final = Path("content/snapshots")
CACHES: Final = (Path(".sunlit/cache"), DEMO / "cache")
#: What a site is made from.
INPUTS: Final = ("config.yaml", "content", "templates", ".sunlit/demo/config.yaml", ".sunlit/demo/snapshots")
CLEAN: Final = "clean"

Hashes = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Built:
    """What one build gave."""

    code: int | str  #: exit code, or the name of what was raised
    words: tuple[str, ...]  #: what it said, but for where the site is, and whether it or the cache was used
    files: Hashes


def install(patch: pytest.MonkeyPatch, versions: Mapping[str, str]) -> None:
    """Let other versions of some libraries be installed."""
    patch.setattr(
        metadata, "version", lambda name, version=metadata.version: versions.get(name) or version(name)
    )
    patch.setattr(standing_site, "installed", lambda: [f"{name}-{told}" for name, told in versions.items()])


def tree(folder: str | Path) -> Hashes:
    """Return the hash of each file below a folder, by path; nothing for no folder."""
    paths = sorted(path for path in Path(folder).rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in paths}


def built(*options: str, output: str = "output") -> Built:
    """Render the site in the current folder."""
    words = StringIO()
    code: int | str
    with redirect_stdout(words), redirect_stderr(words):
        try:
            code = run(["render", "--output", output, *options])
        except Exception as error:  # noqa: BLE001 -- a forged log may break anything; both builds must break alike
            code = type(error).__name__
    said = [
        line
        for line in words.getvalue().splitlines()
        if not line.startswith(("Site ", "Open ")) and "what it held is made again" not in line
    ]
    return Built(code=code, words=tuple(said), files=tree(output))


_clean: dict[str, Built] = {}


def clean(*options: str) -> Built:
    """Render the same from nothing, beside; once for the same inputs."""
    versions = sorted(code_stamp.libraries().items())
    inputs = [(name, tree(name) if Path(name).is_dir() else _hash(Path(name))) for name in INPUTS]
    key = repr((inputs, versions, options))
    if key not in _clean:
        shutil.rmtree(CLEAN, ignore_errors=True)
        for cache in CACHES:
            if cache.exists():
                cache.rename(cache.with_name("aside"))
        _clean[key] = built(*options, output=CLEAN)
        for cache in CACHES:
            shutil.rmtree(cache, ignore_errors=True)
            if cache.with_name("aside").exists():
                cache.with_name("aside").rename(cache)
    return _clean[key]


def assert_as_clean(*options: str, expected: Exit | None = None) -> Built:
    """Build with what the last build left, and from nothing: the same bytes, words and exit code."""
    before = tree("output")
    found, wanted = built(*options), clean(*options)
    assert (found.code, found.words) == (wanted.code, wanted.words)
    files = wanted.files if found.code in (Exit.DONE, Exit.PARTLY) else before
    names = files.keys() | found.files.keys()
    assert [name for name in sorted(names) if files.get(name) != found.files.get(name)] == []
    assert expected in (None, found.code), found.words
    return found


def put_inputs(folder: Path, judge: Bench) -> None:
    """Put the configuration and log of a bench into a folder, for its demo as well, and render the site."""
    text = configured(judge, {})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        Path("config.yaml").write_text(text)
        write_log(judge.honest)
        DEMO.mkdir(parents=True)
        (DEMO / "config.yaml").write_text(text)
        shutil.copytree(LOG, DEMO / "snapshots")
        assert built().code == Exit.DONE


def configured(judge: Bench, edits: Mapping[str, object]) -> str:
    """Return the text of a changed configuration."""
    config = judge.config.model_dump(mode="json")
    for path, value in edits.items():
        *above, name = (int(part) if part.isdecimal() else part for part in path.split("."))
        place: Any = config
        for part in above:
            place = place[part]
        place[name] = value
    return yaml.safe_dump(config, sort_keys=False)


def write_log(files: Mapping[str, bytes]) -> None:
    """Put a log in place of the one that is there."""
    shutil.rmtree(LOG, ignore_errors=True)
    for name, data in files.items():
        path = LOG / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def write_lines(lines: Lines) -> None:
    """Put a log of these lines in place, honestly sealed."""
    write_log(log_of(lines))


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest() if path.exists() else ""
