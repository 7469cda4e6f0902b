"""Where the repository and the data of its tests stand."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests/data"
NODE = ROOT / "tests/node"
SAMPLES = DATA / "btcpay/samples"


def files_below(top: Path) -> Iterator[Path]:
    """Yield a file, or all in a folder but what Node's tools and compilers put there, 15,000 files."""
    if top.is_file():
        yield top
    elif top.is_dir() and top.name not in {"node_modules", "__pycache__"}:
        for inner in sorted(top.iterdir()):
            yield from files_below(inner)
