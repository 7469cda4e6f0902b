"""The publish script pushes nothing that the real commands refuse or call red, and publishes the rest."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.support.paths import ROOT
from tests.support.records import batch, entry
from tests.support.small_store import FUND, NOW, SmallStore, ago, config_text, take
from tests.workflow.hub import REAL, Hub


def real(hub: Hub, path: Path, clone: Path) -> subprocess.CompletedProcess[str]:
    """Publish with the real commands."""
    command = hub.command(str(path))
    sunlit = f"{sys.executable} -m generator.cli"
    for name, words in REAL.items():
        command[command.index(f"--{name}") + 1] = f"{sunlit} {words}"
    return subprocess.run(
        command, cwd=clone, env=hub.environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_real_commands_publish_an_honest_batch_and_nothing_of_a_forged_one(hub: Hub) -> None:
    till, bound = SmallStore(), {"well": {"source": "pay", "app": FUND}}
    till.fund()
    till.gift("0.001", at=ago(5))
    today = (datetime.now(UTC).replace(microsecond=0) - NOW) / timedelta(days=1)
    _, found = take(hub.folder / "log", {"pay": till}, bound, days=today)
    seed = hub.folder / "seed"
    (seed / "config.yaml").write_text(config_text({"pay": {}}, bound))
    (seed / "templates").mkdir()
    own = (ROOT / "templates" / "404.html").read_text().replace("</h1>", "</h1><p>our own words</p>")
    (seed / "templates" / "404.html").write_text(own)
    hub.git("add", "--all", at=seed)
    hub.git("commit", "--quiet", "--message", "Configure", at=seed)
    hub.git("push", "--quiet", str(hub.bare), "HEAD:refs/heads/main", at=seed)
    before = hub.heads()
    stranger = entry("a", 10**12, source="btcpay-0123456789abcdef", place="btcpay:0123456789abcdef/rest")
    forged = msgspec.structs.replace(found.batch, records=(*found.batch.records, stranger))
    done = real(hub, hub.batch(forged), hub.clone("one"))
    assert done.returncode == 1
    assert "source btcpay-0123456789abcdef is not in the configuration" in done.stderr
    assert hub.heads() == before
    done = real(hub, hub.batch(found.batch), hub.clone("two"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "could not compare" not in done.stdout, "its own templates are at hand"
    assert "our own words" in hub.site()["404.html"].decode()


@pytest.mark.parametrize(("name", "code"), [("forged", 5), ("too much", 6)])
def test_what_verification_calls_red_or_cannot_look_at_is_pushed_nowhere(
    hub: Hub, name: str, code: int
) -> None:
    assert hub.publish(hub.clone("one"), str(hub.batch(batch(entry("a"))))).returncode == 0
    before = hub.heads()
    done = hub.publish(hub.clone("two"), str(hub.batch(batch(entry(name), hours=6))))
    assert done.returncode == code
    assert f"::error::verifying what was rendered ended with exit code {code}" in done.stdout
    assert hub.heads() == before, "neither the site nor the log that gives it"
    assert hub.publish(hub.clone("three"), str(hub.batch(batch(entry("b"), hours=6)))).returncode == 0


def test_what_could_not_be_compared_is_published_with_a_warning(hub: Hub) -> None:
    command = hub.command(str(hub.batch(batch(entry("a")))))
    command[command.index("--verify") + 1] += " 6"
    done = subprocess.run(
        command, cwd=hub.clone("one"), env=hub.environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "::warning::Verification could not compare everything" in done.stdout
    assert hub.site()["index.html"] == b"btcpay-pay a\n"


def test_a_commit_is_rendered_and_verified_once(hub: Hub) -> None:
    spy = hub.folder / "spy"
    command = hub.command(str(hub.batch(batch(entry("a")))))
    for name in ("render", "verify"):
        at = command.index(f"--{name}") + 1
        command[at] = f"sh -c 'echo {name} >>{spy}; exec {command[at]} \"$@\"' sh"
    assert subprocess.run(command, cwd=hub.clone("one"), env=hub.environment, check=False).returncode == 0
    assert spy.read_text() == "render\nverify\n"
