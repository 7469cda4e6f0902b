"""Several places of money in one project, and a server that is gone."""

import json
from pathlib import Path

import pytest

from generator.cli import Exit, run
from generator.sandbox.btcpay import BTCPayServer, Deeds, Town, build_town
from tests.support import published
from tests.support.limits import ONCE

NOW = 1_790_000_000


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(7, invoices=120, now=NOW, deeds=Deeds())


def config_of(town: Town, server: BTCPayServer, *, closed: bool) -> str:
    shop, _ = (campaign for campaign in town.campaigns[:2])
    app = next(campaign for campaign in town.campaigns if campaign.app)
    old = {"id": "old", "url": server.url, "token_env": "OLD_TOKEN", "stores": [shop.store]}
    new = {"id": "new", "url": server.url, "token_env": "PAY_TOKEN", "stores": [app.store]}
    places = [{"source": "new", "app": app.app.id}, {"source": "old", "store": shop.store}]
    return json.dumps(
        {
            "version": 1,
            "site": {"title": "Two places"},
            "network": "main",
            "sources": {"btcpay": [new, old | ({"closed": True} if closed else {})]},
            "projects": [{"slug": "both", "btcpay": places}],
        }
    )


def figures(folder: Path) -> dict[str, tuple[object, str]]:
    read = published.figures(folder / "output")
    return {figure["id"]: (figure["value"], figure["bound"]) for figure in read if figure["project"]}


@pytest.mark.slow
def test_a_server_that_is_gone_keeps_its_rows(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("generator.sources.from_config.HttpLimits", lambda: ONCE)
    monkeypatch.setenv("PAY_TOKEN", town.reader.text)
    monkeypatch.setenv("OLD_TOKEN", town.reader.text)
    with town.server() as server:
        (tmp_path / "config.yaml").write_text(config_of(town, server, closed=False))
        assert run(["build"]) == Exit.DONE
        before = figures(tmp_path)
        parts = {name: before[f"both/{name}"] for name in ("raised", "contributions")}
        assert all(value for value, _ in parts.values())
        assert {bound for _, bound in parts.values()} == {"exact"}
        asked = len(server.log)
        (tmp_path / "config.yaml").write_text(config_of(town, server, closed=True))
        monkeypatch.delenv("OLD_TOKEN")
        assert run(["check"]) == Exit.DONE
        assert run(["build", "--full"]) == Exit.DONE
        closed = next(campaign.store for campaign in town.campaigns if not campaign.app)
        assert not [line for line in server.log[asked:] if closed in line.path]
    assert figures(tmp_path) == before
    assert "Closed" in (tmp_path / "output" / "sources" / "index.html").read_text()
    pages = (tmp_path / "output" / "sources").glob("btcpay-*/index.html")
    assert any("by order page and term" in page.read_text() for page in pages)
