"""An honest site, its log, its configuration and a batch."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from generator import report, store
from generator.config import parse
from generator.manifest import complete
from generator.sandbox.world import World
from generator.snapshot import run_id
from generator.snapshot.batch import encode_batch
from tests.support.paths import ROOT
from tests.support.whole_job import of_people, site_of, take


def make(folder: Path) -> Path:
    """Fill a folder as a maintainer's repository is filled, with the site beside it."""
    with World(seed=1) as world:
        text = of_people(world.named_config_text())
        config = parse(text)
        batch = take(world, config, folder / "content/snapshots")
    built = report.build(store.load(folder / "content/snapshots"), config, demo=True)
    for path, data in complete(site_of(built, folder / "content/snapshots"), built).items():
        target = folder / "site" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    (folder / "config.yaml").write_text(text)
    today = datetime.now(UTC).replace(microsecond=0)  # an older batch is refused before anybody reads it
    fresh = msgspec.structs.replace(batch, run=run_id(today, "fresh"), at=today, demo=False)
    (folder / "batch.jsonl").write_bytes(encode_batch(fresh))
    shutil.copytree(ROOT / "content/pages", folder / "content/pages")
    return folder
