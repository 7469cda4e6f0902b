"""The main job over real connections: world → log → report → pages."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from generator import inputs, pages, store
from generator.cli.render_step import content_from
from generator.config import Config
from generator.report import Report
from generator.report.editions import edition_of
from generator.report.place_owners import PlaceOwners
from generator.report.statements.edition import Edition, encode_edition
from generator.sandbox.world import World
from generator.snapshot import Known, run_id
from generator.snapshot.batch import Batch
from generator.sources.collect import RunRequest, collect
from generator.sources.from_config import open_sources
from generator.themes import with_theme
from tests.support.paths import ROOT


@dataclass(frozen=True, kw_only=True)
class Done:
    """What one run of the whole job left behind."""

    seed: int
    config: Config
    config_text: str
    known: Known
    truth: Mapping[str, int | str | None]
    report: Report
    files: Mapping[str, bytes]
    log: Path


def take(world: World, config: Config, log: Path, *, salt: str = "job") -> Batch:
    """Ask the world's servers and append what they say."""

    async def asked() -> Batch:
        async with open_sources(config, world.env(), hosts=world.hosts()) as sources:
            wish = RunRequest(
                run=run_id(world.now, salt),
                at=world.now,
                network=config.network,
                project_of=PlaceOwners.of(config).slug,
                bound=PlaceOwners.of(config).digest,
                demo=True,
            )
            found = await collect(sources.first, store.load(log), wish, then=sources.then)
        assert found.refused == ()
        return found.batch

    batch = asyncio.run(asked())
    store.append(log, batch, refresh_hours=config.publish.refresh_hours)
    return batch


def of_people(config_text: str, *also: str) -> str:
    """Return a world's configuration without most projects of Angor alone: reading the chain takes long."""
    others = "".join(f"(?!{slug}\n)" for slug in also)
    return re.sub(rf"  - slug: {others}\S+\n    angor: \S+\n(?!    )", "", config_text)


#: Part of a theme that changes no page.
THEME = {"unused.txt": b"Nothing takes this one's words.\n"}
#: Of a language that no page is in.
CATALOGUES = {"fr": b'msgid "no goal"\nmsgstr "sans but"\n'}
NOTES = "- {day: 2026-01-20, text: We moved house.}\n"
STATIC = {"plan.csv": b"what,sats\nwell,1\n"}


def with_edition(built: Report) -> Report:
    """Return a report of a world with a month of it frozen."""
    document = edition_of(built, "2025-12")
    return replace(built, editions=(Edition(encode_edition(document), document),))


def site_of(built: Report, log: Path) -> dict[str, bytes]:
    """Render a report with the repository's own templates and pages."""
    own, texts = with_theme(inputs.templates(ROOT), THEME), inputs.pages(ROOT)
    content = content_from(
        own,
        theme=THEME,
        pages=texts,
        notes=NOTES,
        static=STATIC,
        catalogues=CATALOGUES,
        log=store.prefixes(log),
    )
    return dict(pages.render(built, content))
