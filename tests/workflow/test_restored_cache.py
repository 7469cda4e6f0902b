"""A cache that the publishing job restored saves work, and binds no page but what would be made."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from generator.build.cache import BuildCache, CachedUnit, load, save
from generator.build.log_cache import load_log, save_log
from generator.snapshot import ReadFile
from tests.support.small_store import FUND, NOW, SmallStore, ago, config_text, take
from tests.workflow.hub import REAL, Hub

CACHE = ".sunlit/cache/site.json"
LOG_CACHE = ".sunlit/cache/log"
SUNLIT = f"{sys.executable} -m generator.cli"
REMADE = "::warning::What was kept of the last build does not hold; everything is made again."


def publish(hub: Hub, clone: Path, *batch: Path) -> str:
    """Publish with the real commands; return what was said."""
    command = hub.command(*map(str, batch))
    for name, words in REAL.items():
        command[command.index(f"--{name}") + 1] = f"{SUNLIT} {words}"
    done = subprocess.run(
        command,
        cwd=clone,
        env=hub.environment | ({} if batch else {"MODE": "render"}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def cached(clone: Path) -> BuildCache:
    found = load(clone / CACHE, BuildCache, print)
    assert found is not None
    return found


def clone_with(hub: Hub, name: str, cache: BuildCache) -> Path:
    clone = hub.clone(name)
    save(clone / CACHE, cache, print)
    return clone


@pytest.mark.proof(0)
def test_a_restored_cache_is_used_and_a_forged_one_found_out(hub: Hub) -> None:
    till, bound = SmallStore(), {"well": {"source": "pay", "app": FUND}}
    till.fund()
    till.gift("0.001", at=ago(5))
    today = (datetime.now(UTC).replace(microsecond=0) - NOW) / timedelta(days=1)
    seed = hub.folder / "seed"
    (seed / "config.yaml").write_text(config_text({"pay": {}}, bound))
    hub.git("commit", "--quiet", "--all", "--message", "Configure", at=seed)
    hub.git("push", "--quiet", str(hub.bare), "HEAD:refs/heads/main", at=seed)
    _, found = take(hub.folder / "log", {"pay": till}, bound, days=today - 0.02)
    first = hub.clone("first")
    publish(hub, first, hub.batch(found.batch))
    before, old = hub.heads(), cached(first)

    again = clone_with(hub, "again", old)
    said = publish(hub, again)
    assert ", unchanged." in said
    assert "gh-pages shows this already" in said
    assert REMADE not in said

    till.gift("0.002", at=ago(2))
    _, found = take(hub.folder / "log", {"pay": till}, bound, days=today, full=True)
    batch = hub.batch(found.batch)
    said = publish(hub, clone_with(hub, "honest", old), batch)
    assert "Log: commit" in said
    assert REMADE not in said
    site, new = hub.site(), cached(hub.folder / "honest")

    # whoever may save a cache knows every key, but can bind nothing except what is published
    units = {name: CachedUnit(unit.key, old.units[name].files) for name, unit in new.units.items()}
    forged = msgspec.structs.replace(new, output=old.output, units=units)
    for name, cache in {"whole": forged, "pages": msgspec.structs.replace(forged, site=None)}.items():
        for branch, head in before.items():
            hub.git("update-ref", f"refs/heads/{branch}", head)
        said = publish(hub, clone_with(hub, name, cache), batch)
        assert REMADE in said
        assert hub.site() == site, "made from nothing it is what the honest cache led to"

    for branch, head in before.items():
        hub.git("update-ref", f"refs/heads/{branch}", head)
    clone = clone_with(hub, "rows", old)
    save_log(clone / LOG_CACHE, richer(hub.folder / "again" / LOG_CACHE, hub.folder / "log"), {}, print)
    assert REMADE in publish(hub, clone, batch)
    assert hub.site() == site


def richer(kept: Path, log: Path) -> dict[str, ReadFile]:
    """Return what is kept of a log, each payment ten times what it was."""
    paths = [str(path.relative_to(log)) for path in log.rglob("*.jsonl")]
    found = load_log(kept, paths, print)
    rows = [row for file in found.values() for row in file.rows]
    assert rows
    for row in rows:
        row.amount_msat *= 10
    return found
