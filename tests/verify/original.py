"""The published site that these tests tamper with, on disk and over HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from generator import report, store
from generator.config import Config, parse
from generator.manifest import complete
from generator.sandbox.world import World
from generator.verify.published_site import Installation, PublishedSite
from generator.verify.rebuilt_texts import RebuiltTexts
from generator.verify.results import CheckResult
from generator.verify.site_copy import SiteCopy
from generator.verify.step_table import STEPS
from generator.verify.steps import results_of
from tests.support.made_once import files_in, made_once, put_files
from tests.support.whole_job import site_of, take, with_edition

#: Enough for every kind of row: claims, penalties, unknown spends, pending money, BTCPay, declarations.
SLUGS = ("solar-roof", "makers-hall")


@dataclass(frozen=True, kw_only=True)
class Original:
    """The site nobody tampered with, and what it was made from."""

    config: Config
    log: Path
    copy: SiteCopy


def small_config(config_text: str) -> Config:
    """Return a world's configuration with the projects of the site alone."""
    whole = parse(config_text)
    kept = tuple(project for project in whole.projects if project.slug in SLUGS)
    return whole.model_copy(update={"projects": kept})


def publish(world: World, log: Path) -> Original:
    """Take a snapshot of a small part of a world into a folder, and make its site."""
    config = small_config(world.named_config_text())
    take(world, config, log)
    built = with_edition(report.build(store.load(log), config, demo=True))
    files = complete(site_of(built, log), built)
    return Original(config=config, log=log, copy=SiteCopy(subject="site", files=files, listed=True))


def judged(files: Mapping[str, bytes], installation: Installation) -> dict[str, CheckResult]:
    """Return what compares pages, by name."""
    site = PublishedSite.read(SiteCopy(subject="site", files=files, listed=True), installation)
    steps = [step for step in STEPS if step.name in ("figures", "rebuild")]
    return {check.name: check for step in steps for check in results_of(step, site)}


def text_checks(copy: SiteCopy, made: Mapping[str, bytes]) -> Iterator[CheckResult]:
    """Return the checks of the texts of a copy whose files are made otherwise here."""
    texts = RebuiltTexts(copy, made.items, same_paths=False)
    texts.made |= made.keys()
    for path in copy.files.keys() | made.keys():
        if copy.files.get(path) != made.get(path):
            texts.take(path, made.get(path))
    return texts.results()


def write(original: Original, folder: Path) -> Path:
    return put_files(folder, original.copy.files)


def publish_into(folder: Path, seed: int) -> None:
    """Leave the site of a world, its log and the world's configuration in a folder."""
    with World(seed=seed) as world:
        write(publish(world, folder / "log"), folder / "site")
        (folder / "config.yaml").write_text(world.named_config_text())


def published(factory: pytest.TempPathFactory, seed: int) -> Original:
    """Return the site of a world, made once in a run."""
    folder = made_once(factory, f"world-{seed}", partial(publish_into, seed=seed))
    return Original(
        config=small_config((folder / "config.yaml").read_text()),
        log=folder / "log",
        copy=SiteCopy(subject="site", files=files_in(folder / "site"), listed=True),
    )


class Quiet(SimpleHTTPRequestHandler):
    """A static host that keeps its log to itself."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path, host: type[Quiet] = Quiet) -> Iterator[str]:
    """Serve a folder as a plain static host does."""
    handler = partial(host, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
