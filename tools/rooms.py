"""The rooms of `generator/` and who imports whom, read from the code.

A room is a module or folder directly below `generator/`; the library's folders
below `generator/protocol/` are rooms of their own.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "generator"
LIBRARY = "protocol"
#: What a room touches when it imports one of these; a room that imports neither is pure.
NETWORK = {"asyncio", "httpx", "socket", "starlette", "stamina", "uvicorn", "websockets"}
FILES = {"filelock", "importlib", "io", "os", "pathlib", "shutil", "tempfile"}


@dataclass(frozen=True, slots=True)
class Room:
    """A room, the folders in it, the rooms it imports, and other libraries' top-level names."""

    name: str
    folders: tuple[str, ...]
    imports: frozenset[str]
    libraries: frozenset[str]

    @property
    def touches(self) -> str:
        """Return ``network``, ``files`` or ``pure``."""
        if self.libraries & NETWORK:
            return "network"
        return "files" if self.libraries & FILES else "pure"


def rooms(house: Path = HOUSE) -> dict[str, Room]:
    """Return every room by name, in the order of their names."""
    imports: dict[str, set[str]] = {}
    libraries: dict[str, set[str]] = {}
    for path in sorted(house.rglob("*.py")):
        name = room_of(path.relative_to(house).with_suffix("").parts)
        if name == "__init__":
            continue
        for imported in _imported(path):
            first, *rest = imported.split(".")
            if first != house.name:
                libraries.setdefault(name, set()).add(first)
            elif rest and rest[0] not in {"__version__", "REPOSITORY"}:
                imports.setdefault(name, set()).add(room_of(tuple(rest)))
        libraries.setdefault(name, set())
    return {
        name: Room(
            name,
            folders(house / name.replace(".", "/")),
            frozenset(imports.get(name, set()) - {name}),
            frozenset(found),
        )
        for name, found in sorted(libraries.items())
        if name != LIBRARY
    }


def room_of(parts: tuple[str, ...]) -> str:
    """Return the room of a module, given by its place below `generator`: ``report``, ``protocol.angor``."""
    inside = 2 if parts[0] == LIBRARY and parts[1:2] not in [(), ("__init__",)] else 1
    return ".".join(parts[:inside])


def folders(folder: Path) -> tuple[str, ...]:
    """Return the packages directly inside a folder; none for a module."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/__init__.py")))


def _imported(path: Path) -> Iterator[str]:
    """Yield what a module imports, wherever in it; what it takes from a package of rooms, in full."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = node.module in {HOUSE.name, f"{HOUSE.name}.{LIBRARY}"}
            yield from (f"{node.module}.{alias.name}" if whole else node.module for alias in node.names)
