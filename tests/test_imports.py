"""Imports: no circle, neither at load nor hidden in a function, and a command line that starts quickly."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.paths import ROOT


def modules() -> dict[str, Path]:
    """Return every module of the product by its dotted name."""
    found = {}
    for path in (ROOT / "generator").rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """Yield what a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from [name for name in (inner, node.module) if name in known][:1]


def test_no_module_imports_itself_in_a_circle() -> None:
    known = modules()
    graph = {name: set(imported(path, known)) for name, path in known.items()}
    print(len(graph), "modules,", sum(map(len, graph.values())), "imports")
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def loaded(code: str) -> list[str]:
    """Name the modules that are loaded once some code has run."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1].split()


def test_help_loads_nothing_heavy() -> None:
    found = {name.partition(".")[0] for name in loaded("from generator.cli import run; run(['--help'])")}
    assert not found & {"httpx", "jinja2", "matplotlib", "msgspec", "pydantic", "rich", "websockets", "yaml"}


def test_what_opens_stores_loads_no_code_of_the_chain() -> None:
    heavy = [f"generator.sources.{name}" for name in ("angor", "indexers", "relays")]
    found = loaded("import generator.sources.from_config")
    assert not [name for name in found if name.startswith((*heavy, "generator.protocol.proof.facts"))]
