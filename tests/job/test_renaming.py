"""Read again under other names in config.yaml, a log gets new bindings alone and every figure stays."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from generator import report, store
from generator.config import Config, ProjectConfig, parse
from generator.sandbox.world import World
from generator.snapshot import Binding, Outcome
from tests.support.whole_job import of_people, take


def renamed(config: Config) -> Config:
    """Return a configuration in which every name and every order is another."""
    [server] = config.sources.btcpay
    host = urlsplit(server.url).netloc
    url = f"{server.url.replace(host, host.upper())}/"
    till = {"id": "till", "url": url, "stores": server.stores[::-1]}
    sources = config.sources.model_copy(update={"btcpay": (server.model_copy(update=till),)})
    projects = tuple(map(_renamed, reversed(config.projects)))
    return config.model_copy(update={"projects": projects, "sources": sources})


def _renamed(project: ProjectConfig) -> ProjectConfig:
    bindings = tuple(binding.model_copy(update={"source": "till"}) for binding in project.bindings)
    return project.model_copy(update={"slug": f"new-{project.slug}", "btcpay": bindings or None})


@pytest.mark.slow
def test_reading_under_other_names_records_bindings_alone_and_changes_no_figure(tmp_path: Path) -> None:
    with World(seed=1) as world:
        config = parse(of_people(world.named_config_text(), "solar-roof"))
        assert take(world, config, tmp_path).records
        before = report.build(store.load(tmp_path), config, demo=True)
        batch = take(world, renamed(config), tmp_path, salt="renamed")
        assert {asked.outcome for asked in batch.asked} == {Outcome.OK}
        news = batch.records
        assert {type(record) for record in news} == {Binding}
        assert len(news) == sum(bool(project.angor) + len(project.bindings) for project in config.projects)
    after = report.build(store.load(tmp_path), renamed(config), demo=True)
    assert {figure.id.removeprefix("new-"): figure.value for figure in after.all_figures()} == {
        figure.id: figure.value for figure in before.all_figures()
    }
