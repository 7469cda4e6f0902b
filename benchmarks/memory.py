"""How much memory `sunlit snapshot` needs for 20,000 and for 200,000 invoices; prints rows as JSON.

    python -m benchmarks.memory

The command runs in a process of its own against the sandbox's server over HTTP.
Its peak is what the kernel says of that process (VmHWM), so this needs Linux.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.row import Row
from generator.sandbox.btcpay import BTCPayServer, Deeds, Town, build_town

FEW, MANY = 20_000, 200_000
MOST_MIB, MOST_GROWTH = 85, 1.3  # measured: 80, and 1.23 times the 65 of few
SNAPSHOT = """
import sys
from generator.cli import main
sys.argv = ["sunlit", "snapshot"]
try:
    main()
finally:
    with open("/proc/self/status") as status:
        print("peak", *(line.split()[1] for line in status if line.startswith("VmHWM")))
"""
CONFIG = """
version: 1
site: {{title: Memory}}
network: regtest
sources:
  btcpay:
    - {{id: pay, url: "{url}", token_env: KEY, stores: [{stores}], include: [invoices, crowdfund, payouts]}}
projects:
{projects}
"""


def config_of(town: Town, server: BTCPayServer) -> str:
    """Return the configuration of a report of everything in a town."""
    projects = [
        f"  - {{slug: {campaign.slug}, btcpay: {{source: pay, "
        + (f"app: {campaign.app.id}" if campaign.app else f"store: {campaign.store}")
        + "}}"
        for campaign in town.campaigns
    ]
    return CONFIG.format(url=server.url, stores=", ".join(town.stores), projects="\n".join(projects))


def peak_mib(invoices: int) -> tuple[float, str]:
    """Return the peak memory of one snapshot of so many invoices, and what was read and written."""
    town = build_town(1, invoices=invoices, now=int(datetime.now(UTC).timestamp()), deeds=Deeds())
    with town.server() as server, tempfile.TemporaryDirectory() as folder:
        Path(folder, "config.yaml").write_text(config_of(town, server))
        begin = time.monotonic()
        done = subprocess.run(  # noqa: S603 -- our own command
            [sys.executable, "-c", SNAPSHOT],
            cwd=folder,
            env=os.environ | {"KEY": town.reader.text, "PYTHONPATH": str(Path(__file__).parents[1])},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"sunlit snapshot ended with {done.returncode}: {done.stderr}{done.stdout}")
        lines = sum(len(path.read_text().splitlines()) for path in Path(folder).rglob("*.jsonl"))
        requests = len(server.log)
    mib = int(done.stdout.split("peak")[1]) / 1024
    seconds = time.monotonic() - begin
    return (
        mib,
        f"{invoices} invoices, {requests} requests, {lines} lines of log, {seconds:.0f} s: {mib:.0f} MiB",
    )


def main() -> None:
    """Measure both and compare."""
    (few, less), (many, more) = peak_mib(FEW), peak_mib(MANY)
    print(Row(name="snapshot: peak memory, MiB", value=many, most=MOST_MIB, text=more, held=True).as_json())
    name = f"snapshot: memory for {MANY // FEW} times the invoices"
    print(Row(name=name, value=many / few, most=MOST_GROWTH, text=less, held=True).as_json())


if __name__ == "__main__":
    main()
