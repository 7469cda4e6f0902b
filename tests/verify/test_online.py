"""Verification with the visitor's own servers: real HTTP and WebSocket servers of the sandbox."""

import asyncio
import socket
from pathlib import Path
from typing import NoReturn

import httpx
import pytest

from generator.cli import Exit, run
from generator.cli.verify_process import installation
from generator.config.source_settings import IndexerServer
from generator.sandbox.world import World
from generator.sources.public_internet import NOT_PUBLIC
from generator.verify.online_check import check_online
from generator.verify.published_site import PublishedSite
from generator.verify.results import CheckResult
from generator.verify.site_copy import SiteCopy
from tests.support.limits import ONCE
from tests.verify.original import Original, served, write
from tests.verify.tamperings import CASES


def asked(copy: SiteCopy, world: World, indexers: tuple[str, ...] = ()) -> dict[str, CheckResult]:
    site = PublishedSite.read(copy, installation())
    told = asyncio.run(
        check_online(
            site.known,
            site.report.config,
            site.last,
            indexers=indexers or (world.addresses.indexers[0],),
            relays=world.addresses.relays[:1],
            limits=ONCE,
        )
    )
    return {check.name: check for check in told}


def test_the_visitors_own_servers_tell_the_same(original: Original, world: World) -> None:
    told = asked(original.copy, world)
    assert {check.result for check in told.values()} == {"ok"}
    assert told["servers-asked"].asked == (world.addresses.indexers[0], world.addresses.relays[0])
    assert told["rows-on-chain"].compared == told["rows-published"].compared > 100


@pytest.mark.proof(1)
@pytest.mark.parametrize(
    ("name", "finds"),
    [
        ("an investment is left out with its evidence", "rows-on-chain"),
        ("an investment is taken back", "rows-on-chain"),
        ("an investment is invented", "rows-published"),
    ],
)
def test_what_a_site_alone_hides_the_chain_shows(
    name: str, finds: str, original: Original, world: World
) -> None:
    [case] = [case for case in CASES if case.name == name]
    forged = SiteCopy(subject="site", files=case.how.forged(original.copy, original.config), listed=True)
    told = asked(forged, world)
    print(name, told[finds].problems)
    assert told[finds].result == "failed"


def test_servers_that_do_not_answer_leave_it_incomplete(original: Original, world: World) -> None:
    told = asked(original.copy, world, indexers=("http://127.0.0.1:9",))
    assert told.pop("servers-asked").asked == ("http://127.0.0.1:9", world.addresses.relays[0])
    assert {check.result for check in told.values()} == {"not checked"}
    assert all(check.wanted for check in told.values())


@pytest.mark.parametrize(
    ("options", "lacking"),
    [
        (["--online"], "--indexer and --relay"),
        (["--indexer", "http://127.0.0.1:9"], "--relay"),
        (["--online", "--relay", "ws://127.0.0.1:9"], "--indexer"),
    ],
)
def test_no_server_is_asked_that_the_visitor_did_not_name(
    options: list[str],
    lacking: str,
    original: Original,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        msg = "a server was asked"
        raise AssertionError(msg)

    monkeypatch.setattr(socket, "socket", refuse)
    assert run(["verify", str(write(original, tmp_path / "site")), *options]) == Exit.WRONG_USE
    assert f"trust with {lacking}, or ask those of the site with --published-servers" in (
        " ".join(capsys.readouterr().err.split())
    )


@pytest.mark.slow
def test_the_sites_own_servers_are_asked_when_told_so(
    original: Original, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(original, tmp_path / "site")
    own = world.addresses.indexers[0]
    assert run(["verify", str(folder), "--published-servers", "--indexer", own]) == Exit.INCOMPLETE
    said = capsys.readouterr().out
    published = original.config.sources.nostr
    assert published
    assert f"asked {', '.join((own, *published.relays))}\n" in said
    assert "not checked   Your own servers tell the same" in said


def test_a_site_cannot_send_us_into_our_own_network(original: Original, world: World) -> None:
    site = PublishedSite.read(original.copy, installation())
    sources = site.report.config.sources
    inside = {
        "indexers": [IndexerServer(url=url) for url in world.addresses.indexers],
        "nostr": sources.nostr and sources.nostr.model_copy(update={"relays": world.addresses.relays}),
    }
    config = site.report.config.model_copy(update={"sources": sources.model_copy(update=inside)})
    for indexers in ((), world.addresses.indexers):
        told = asyncio.run(
            check_online(site.known, config, site.last, indexers=indexers, relays=(), limits=ONCE)
        )
        reasons = {check.reason for check in told if check.name != "servers-asked"}
        assert all(NOT_PUBLIC in reason for reason in reasons), reasons


@pytest.mark.slow
def test_the_command_reads_a_site_over_http_and_asks(
    original: Original, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(original, tmp_path / "served")
    with served(folder) as url:
        servers = ["--indexer", world.addresses.indexers[0], "--relay", world.addresses.relays[0]]
        assert run(["verify", url, *servers]) == 0
        said = capsys.readouterr().out
        assert "ok            Your own servers tell the same" in said
        assert f"asked {servers[1]}, {servers[3]}" in said
        assert "files-extra was not checked" in said
        (folder / "figures.json").unlink()
        (folder / "index.html").write_bytes(b"x")
        assert run(["verify", url]) == 5
        said = capsys.readouterr().out
        assert "figures.json is listed and not there" in said
        assert httpx.get(f"{url}/index.html").content == b"x"
    capsys.readouterr()
    assert run(["verify", "http://127.0.0.1:9"]) == 6
    said = capsys.readouterr().err
    assert "look whether the address is right and this machine is online, then run verify again" in said
    assert "the next run" not in said
    assert "cannot connect" in said


@pytest.mark.parametrize("site", ["https://", "http:///report", "https://["])
def test_half_an_address_is_told_how_a_whole_one_looks(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", site]) == 1
    assert "is no whole address: write that of the site's first page" in capsys.readouterr().err
