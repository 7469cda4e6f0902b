"""A runner that another one overtakes at a chosen moment: in the middle of appending, or of rendering."""

import shlex
import subprocess
from pathlib import Path

import pytest

from generator.snapshot import fold
from generator.snapshot.lines import decode
from tests.support.records import batch, entry
from tests.workflow.hub import Hub


def overtaking(hub: Hub, step: str, batch_file: Path, other: Path) -> str:
    """Return a command that does `step`, but lets another runner publish everything before, once."""
    quick = shlex.join(hub.command(str(batch_file)))
    flag, script = hub.folder / "overtaken", hub.folder / "slow.sh"
    script.write_text(f"""
        if [ ! -e {flag} ]; then
            touch {flag}
            (cd {other} && {quick}) >{flag} 2>&1 || exit 99
        fi
        exec {hub.tools} {step} "$@"
    """)
    return f"sh {script}"


@pytest.mark.slow
@pytest.mark.proof(2)
@pytest.mark.parametrize("step", ["append", "render"])
@pytest.mark.parametrize("hours", [1, -1], ids=["by a newer run", "by an older run"])
def test_an_overtaken_runner_starts_again_and_loses_nothing(hub: Hub, step: str, hours: int) -> None:
    slow = hub.batch(batch(entry("slow"), entry("both", 1_000), salt="slow"), "slow.jsonl")
    quick = hub.batch(batch(entry("quick"), entry("both", 2_000), hours=hours, salt="quick"), "quick.jsonl")
    command = hub.command(str(slow))
    command[command.index(f"--{step}") + 1] = overtaking(hub, step, quick, hub.clone("two"))
    done = subprocess.run(
        command, cwd=hub.clone("one"), env=hub.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("starting again from origin") == 1
    lines = [line for path, data in hub.log().items() for line in decode(path, data)[1]]
    assert sorted(line.record.id for line in lines if line.record.key[0] == "entry") == [
        "both",
        "both",
        "quick",
        "slow",
    ]
    known = fold(lines)
    both = known.records["entry", "btcpay-pay", "both"]
    assert both == entry("both", 2_000 if hours > 0 else 1_000)
    assert hub.manifest()["snapshot"] == known.runs[-1].snapshot
    assert hub.site()["index.html"] == b"btcpay-pay both\nbtcpay-pay quick\nbtcpay-pay slow\n"
