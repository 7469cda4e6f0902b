"""How long the program takes to say what it can, against a bare program of click."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.process import ROOT, cpu, in_turns, run, sunlit
from benchmarks.row import Row

BARE: Final = """\
import click


@click.group()
def main() -> None:
    \"\"\"Nothing.\"\"\"


@main.command()
def build() -> None:
    \"\"\"Build nothing.\"\"\"


main()
"""
ROUNDS: Final = 15


def rows(folder: Path, _size: int) -> Iterator[Row]:
    """Compare `--help` of both."""
    folder.mkdir(parents=True, exist_ok=True)
    bare = folder / "bare.py"
    bare.write_text(BARE, encoding="utf-8")
    ways = {
        "ours": lambda: sunlit(ROOT, "--help"),
        "bare": lambda: run([sys.executable, str(bare), "--help"]),
    }
    ours, least = (cpu(used) for used in in_turns(ways, ROUNDS).values())
    text = f"{ours * 1e3:.0f} ms; {least * 1e3:.0f} ms"
    yield Row(name="--help ÷ bare click", value=ours / least, most=1.2, text=text)
