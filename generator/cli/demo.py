"""The demo: the whole job against a world on this machine, kept apart from every real log."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.extras import need
from generator.cli.site_folder import SiteFolder, load_site
from generator.cli.site_paths import DEMO, SitePaths
from generator.cli.terminal import Terminal
from generator.errors import NothingPublishable

if TYPE_CHECKING:
    from generator.sandbox.story import Story

SEED = 1


def open_site(config: Path, output: Path | None = None, *, demo: bool) -> SiteFolder:
    """Return the site of a configuration, or the demo's if that is asked for."""
    return demo_site(output) if demo else load_site(config, output)


def run_demo(terminal: Terminal, output: Path | None) -> SiteFolder:
    """Take a snapshot of the embedded world; return the demo's site, not yet rendered."""
    need("sandbox", "the world that the demo is made in")
    from generator.cli.edition_step import freeze_due_months
    from generator.sandbox.story import Story

    folder = Path.cwd() / DEMO
    with Story(seed=SEED) as story:
        for path, data in story.contents.items():
            _write(folder / "content" / path, data)
        _write(folder / "config.yaml", story.config_text().encode())
        site = demo_site(output)
        last = _last_run(site)
        if last is None:
            terminal.log("Six days of a small world on this machine are read, day by day.")
        for at in story.days(after=last):
            _write(folder / "config.yaml", story.config_text().encode())
            site = demo_site(output)
            _take_day(terminal, site, story, at)
        freeze_due_months(terminal, site)
    return site


def _take_day(terminal: Terminal, site: SiteFolder, story: "Story", at: datetime) -> None:
    from generator.cli.snapshot_step import SnapshotOptions, append_batch, take_snapshot

    world = story.world
    if at < world.now:
        terminal = replace(terminal, quiet=True)
    else:
        terminal.log(f"A small world runs on this machine; in it, it is {at:%d %b %Y, %H:%M} UTC.")
    options = SnapshotOptions(at=at, salt="demo", secrets=world.env(), hosts=world.hosts())
    terminal.hide(options.secrets.values())
    append_batch(terminal, site, take_snapshot(terminal, site, options))


def _last_run(site: SiteFolder) -> datetime | None:
    from generator import store

    taken = store.snapshots(site.log)
    return taken[-1].run.at if taken else None


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def has_demo() -> bool:
    """Tell whether a demo ran in the current folder."""
    return (Path.cwd() / DEMO / "config.yaml").is_file()


def demo_site(output: Path | None) -> SiteFolder:
    """Return the site of the demo in the current folder; its configuration is the world's own.

    Raise `NothingPublishable` where no demo was built yet.
    """
    from generator.config import parse_document
    from generator.config.yaml_reader import read_yaml

    paths = SitePaths.of(DEMO / "config.yaml", output, demo=True)
    path = paths.file.relative_to(paths.root)
    try:
        text = paths.file.read_text(encoding="utf-8")
    except FileNotFoundError:
        msg = f"there is no demo in this folder yet ({path} is missing): run `sunlit build --demo` first"
        raise NothingPublishable(msg) from None
    document = read_yaml(text, str(path))
    return SiteFolder(
        file=paths.file,
        root=paths.root,
        output=paths.output,
        demo=True,
        config=parse_document(document),
        document=document,
    )
