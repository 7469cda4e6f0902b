"""Forgeries of every kind of published file, by a forger who writes the manifest anew."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from generator.manifest import MANIFEST
from generator.origin import Origin
from generator.pages.file_kinds import FILE_KINDS, FileKind, kind_of
from tests.verify.forger import rehashed

Files = Mapping[str, bytes]
#: By path, what is written there; None for a file that is taken away.
NewFiles = Mapping[str, bytes | None]
ONE_DIGIT: Final = "one digit"


@dataclass(frozen=True, kw_only=True)
class FileForgery:
    """One change of files of a site. Every file is compared, so that none but the recipe has a limit."""

    kind: FileKind
    way: str
    new: Callable[[], NewFiles]

    @property
    def limit(self) -> str:
        """Whose word the change is: a digit of the recipe is one of the configuration."""
        return Origin.PUBLISHER if (self.kind.name, self.way) == ("recipe", ONE_DIGIT) else ""

    @property
    def of(self) -> tuple[str, str, str]:
        """What is forged, as `Forgery.of` says it."""
        return "published file", self.kind.name, ""

    def files(self, honest: Files) -> Files:
        """Return the files of the site as its forger publishes it."""
        new = self.new()
        assert any(honest.get(path) != data for path, data in new.items()), (
            f"{self.of} {self.way} changes nothing"
        )
        sealed = rehashed({path: data for path, data in {**honest, **new}.items() if data is not None})
        return sealed | {path: data for path, data in new.items() if path == MANIFEST and data}


def file_forgeries(honest: Files, elsewhere: Callable[[], Files]) -> Iterator[FileForgery]:
    """Yield forgeries of a site; `elsewhere` gives an honest site of another world."""
    for kind in FILE_KINDS:
        paths = sorted(
            (path for path in honest if kind_of(path) is kind), key=lambda path: -len(honest[path])
        )
        for way, new in _of_kind(kind, paths, honest, elsewhere):
            yield FileForgery(kind=kind, way=way, new=new)


def _of_kind(
    kind: FileKind, paths: list[str], honest: Files, elsewhere: Callable[[], Files]
) -> Iterator[tuple[str, Callable[[], NewFiles]]]:
    path, data = paths[0], honest[paths[0]]
    changed = re.sub(rb"[0-8]", lambda digit: b"%d" % (int(digit[0]) + 1), data, count=1)
    if changed != data:
        yield ONE_DIGIT, lambda: {path: changed}
    yield "one byte more", lambda: {path: data + b"\n"}
    if path != MANIFEST:  # without it there is no site
        yield "removed", lambda: {path: None}
    yield "doubled under another name", lambda: {_other_name(kind, path, honest): data}
    if len(paths) > 1 and honest[paths[1]] != data:
        yield "swapped", lambda: {path: honest[paths[1]], paths[1]: data}
    if kind.name in (
        *("style", "icon", "keeper", "schema", "page for what is missing"),
        *("file for crawlers", "data dictionary", "changes", "style of cards", "page of the maintainer"),
        *("page as written", "part of the theme", "notes as written", "file of the maintainer"),
        "catalogue of a language",
    ):
        return  # they are the same everywhere

    def foreign() -> NewFiles:
        found = elsewhere()
        return {path: next(found[name] for name in sorted(found) if kind_of(name) is kind)}

    yield "taken from another world", foreign


def _other_name(kind: FileKind, path: str, honest: Files) -> str:
    """Return a name that a file of this kind may have, or any where there is one name alone."""
    folder, _, name = path.rpartition("/")
    digit = re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 1) % 10), path)
    candidates = (digit, f"{folder}-2/{name}", f"p/copy/{path.removeprefix('p/').partition('/')[2]}")
    return next(
        (other for other in candidates if other not in honest and kind_of(other) is kind), f"copies/{name}"
    )
