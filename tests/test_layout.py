"""Tests as a place to work: what several need stands in tests/support or in a module that is no test."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import ROOT, files_below

#: A module without these words beside its own tests imports no module of tests: most need not be parsed.
TELLING = re.compile(r"(?<!def )\b(?:test_|conftest\b)")


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted names that a module of ours imports from the tests."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)) if TELLING.search(text) else ():
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_no_module_imports_a_test_module_or_a_conftest() -> None:
    modules = [path for path in files_below(ROOT / "tests") if path.suffix == ".py"]
    assert len(modules) > 100
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules
        for name in imported(path)
        if name.startswith("tests.")
        and any(part.startswith("test_") or part == "conftest" for part in name.split("."))
    ]
    assert wrong == []
