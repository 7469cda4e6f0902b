"""A job that is cancelled in the middle leaves no branch half done, and the next run does the rest."""

import os
import signal
import subprocess
import time

import pytest

from tests.support.records import batch, entry
from tests.workflow.hub import Hub


@pytest.mark.slow
@pytest.mark.proof(2)
@pytest.mark.parametrize("step", ["append", "freeze", "render", "verify"])
def test_a_run_that_is_cancelled_in_the_middle_is_made_up_by_the_next_one(hub: Hub, step: str) -> None:
    assert hub.publish(hub.clone("one"), str(hub.batch(batch(entry("a"))))).returncode == 0
    before, site, log = hub.heads(), hub.site(), hub.log()
    reached = hub.folder / "reached"
    slow = hub.folder / "slow.sh"
    slow.write_text(f'{hub.tools} {step} "$@"\ntouch {reached}\nsleep 600\n')
    later = str(hub.batch(batch(entry("b"), hours=6), "later.jsonl"))
    command = hub.command(later)
    command[command.index(f"--{step}") + 1] = f"sh {slow}"
    clone = hub.clone("two")
    job = subprocess.Popen(
        command, cwd=clone, env=hub.environment, stdout=subprocess.PIPE, start_new_session=True
    )
    while not reached.exists():
        assert job.poll() is None
        time.sleep(0.02)
    os.killpg(job.pid, signal.SIGKILL)
    job.communicate()
    assert hub.heads() == before
    assert (hub.site(), hub.log()) == (site, log), "the last good site stays up"
    done = hub.publish(hub.clone("three"), later)
    assert done.returncode == 0, done.stdout + done.stderr
    assert hub.site()["index.html"] == b"btcpay-pay a\nbtcpay-pay b\n"


def test_a_run_that_is_cancelled_between_its_two_pushes_is_made_up_by_a_run_without_news(hub: Hub) -> None:
    first = str(hub.batch(batch(entry("a"))))
    assert hub.publish(hub.clone("one"), first).returncode == 0
    later = str(hub.batch(batch(entry("b"), hours=6), "later.jsonl"))
    hook = hub.bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nread -r old new ref\n[ $ref != refs/heads/gh-pages ] || kill -9 0\n")
    hook.chmod(0o755)
    job = subprocess.run(
        hub.command(later), cwd=hub.clone("two"), env=hub.environment, check=False, start_new_session=True,
        capture_output=True,
    )  # fmt: skip
    assert job.returncode == -signal.SIGKILL
    hook.unlink()
    assert b"btcpay-pay b" not in hub.site()["index.html"]
    assert any(b'"b"' in data for data in hub.log().values())
    assert hub.publish(hub.clone("three"), later).returncode == 0
    assert hub.site()["index.html"] == b"btcpay-pay a\nbtcpay-pay b\n"
