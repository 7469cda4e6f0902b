"""How easy the code is to move into, as numbers: `make house` prints them, `tests/test_house.py` holds them.

Lines of a function are counted without its docstring, of a module with everything.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tools.rooms import HOUSE

LONG_FUNCTION, LONGEST_FUNCTION = 25, 50
LONG_MODULE, MEDIAN_MODULE = 250, 100
#: Where a class may have the name of another: what the sandbox imitates is called as in the product.
WORKSHOP = "sandbox"


@dataclass(slots=True)
class House:
    """What stands where, by path below `generator/`."""

    modules: dict[str, int] = field(default_factory=dict)  #: lines
    functions: dict[str, int] = field(default_factory=dict)  #: lines, by ``path:line name``
    classes: dict[str, list[str]] = field(
        default_factory=dict
    )  #: paths, by public name, without the workshop
    loops: list[tuple[str, set[str]]] = field(default_factory=list)  #: path, and names of its target

    @property
    def shared_names(self) -> dict[str, list[str]]:
        """Return the class names that mean more than one thing."""
        return {name: paths for name, paths in sorted(self.classes.items()) if len(paths) > 1}

    @property
    def short_share(self) -> float:
        """Return the percentage of functions that are not long."""
        short = sum(lines <= LONG_FUNCTION for lines in self.functions.values())
        return 100 * short / len(self.functions)

    @property
    def middle(self) -> float:
        """Return the median length of a module."""
        return median(self.modules.values())


def survey(house: Path = HOUSE) -> House:
    """Return what `house` holds."""
    found = House()
    for path in sorted(house.rglob("*.py")):
        place, text = path.relative_to(house).as_posix(), path.read_text()
        found.modules[place] = len(text.splitlines())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.functions[f"{place}:{node.lineno} {node.name}"] = _lines(node)
            elif isinstance(node, ast.ClassDef) and not (
                node.name.startswith("_") or place.startswith(WORKSHOP)
            ):
                found.classes.setdefault(node.name, []).append(place)
            elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
                names = {part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)}
                found.loops.append((place, names))
    return found


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = (node.end_lineno or 0) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def table(found: House) -> Iterator[str]:
    """Yield the lines that `make house` prints."""
    yield f"modules    {len(found.modules)}, {sum(found.modules.values())} lines, median {found.middle:g}"
    yield from _long("  over", found.modules, LONG_MODULE)
    yield f"functions  {len(found.functions)}, {found.short_share:.2f} % of at most {LONG_FUNCTION} lines"
    yield from _long("  over", found.functions, LONGEST_FUNCTION)
    yield f"class names with several meanings  {len(found.shared_names)}"
    yield from (f"  {name}: {', '.join(paths)}" for name, paths in found.shared_names.items())


def _long(word: str, sizes: dict[str, int], limit: int) -> Iterable[str]:
    for place, lines in sorted(sizes.items(), key=lambda item: -item[1]):
        if lines > limit:
            yield f"{word} {limit}: {place}, {lines}"


if __name__ == "__main__":
    print("\n".join(table(survey())))
