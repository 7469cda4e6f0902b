"""The rooms of `generator/` and who imports whom, read from the code.

A room is a module or folder directly below `generator/`; the library's folders
below `generator/protocol/` are rooms of their own.
"""

from dataclasses import dataclass
from pathlib import Path

from grimp import build_graph

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


def rooms() -> dict[str, Room]:
    """Return every room by name, in the order of their names."""
    imports: dict[str, set[str]] = {}
    libraries: dict[str, set[str]] = {}
    graph = build_graph(HOUSE.name, include_external_packages=True, cache_dir=None)
    for module in graph.find_descendants(HOUSE.name):
        name = room_of(module)
        for imported in graph.find_modules_directly_imported_by(module):
            if graph.is_module_squashed(imported):
                libraries.setdefault(name, set()).add(imported)
            elif imported != HOUSE.name:
                imports.setdefault(name, set()).add(room_of(imported))
        libraries.setdefault(name, set())
    return {
        name: Room(
            name,
            folders(HOUSE / name.replace(".", "/")),
            frozenset(imports.get(name, set()) - {name}),
            frozenset(found),
        )
        for name, found in sorted(libraries.items())
        if name != LIBRARY
    }


def room_of(module: str) -> str:
    """Return the room of a module: ``report`` of ``generator.report.build``, ``protocol.angor``."""
    _, *parts = module.split(".")
    return ".".join(parts[: 2 if parts[0] == LIBRARY else 1])


def folders(folder: Path) -> tuple[str, ...]:
    """Return the packages directly inside a folder; none for a module."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/__init__.py")))
