"""Where the repository and the data of its tests stand."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests/data"
NODE = ROOT / "tests/node"
SAMPLES = DATA / "btcpay/samples"
