"""Read again under other names in config.yaml, a log gets no new record and every figure stays."""

from pathlib import Path

from generator import report, store
from generator.config import Config, ProjectConfig, parse
from generator.sandbox.world import World
from tests.support.whole_job import take


def renamed(config: Config) -> Config:
    """Return a configuration in which every name and every order is another."""
    [server] = config.sources.btcpay
    till = {"id": "till", "url": server.url.upper(), "stores": server.stores[::-1]}
    sources = config.sources.model_copy(update={"btcpay": (server.model_copy(update=till),)})
    projects = tuple(map(_renamed, reversed(config.projects)))
    return config.model_copy(update={"projects": projects, "sources": sources})


def _renamed(project: ProjectConfig) -> ProjectConfig:
    bindings = tuple(binding.model_copy(update={"source": "till"}) for binding in project.bindings)
    return project.model_copy(update={"slug": f"new-{project.slug}", "btcpay": bindings or None})


def test_reading_under_other_names_records_nothing_and_changes_no_figure(tmp_path: Path) -> None:
    with World(seed=1) as world:
        config = parse(world.named_config_text())
        assert take(world, config, tmp_path).records
        before = report.build(store.load(tmp_path), config, demo=True)
        assert take(world, renamed(config), tmp_path, salt="renamed").records == ()
    after = report.build(store.load(tmp_path), renamed(config), demo=True)
    assert {figure.id.removeprefix("new-"): figure.value for figure in after.all_figures()} == {
        figure.id: figure.value for figure in before.all_figures()
    }
