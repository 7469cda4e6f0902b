"""The running world: everything answers, the configuration fits, and a report of it says the truth."""

import asyncio
import json
import threading
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import httpx
import msgspec
import pytest
from websockets.sync.client import connect

from generator.cli.commands.sandbox import sandbox
from generator.config import Config, parse
from generator.ledger import MOVES, Entry, Kind
from generator.protocol.nostr import Filter
from generator.report import build
from generator.report.figures import goal
from generator.sandbox.btcpay import FORGERS, WAYS, Street, Token
from generator.sandbox.foreground import introduction, run_sandbox
from generator.sandbox.indexer import PROFILES, Quirks
from generator.sandbox.relay import RELAY_PROFILES
from generator.sandbox.truth import Value
from generator.sandbox.world import KEY_ENV, World
from generator.snapshot import Known, Line, Run, encode, fold
from generator.sources.collect import Collected, RunRequest, collect
from generator.sources.from_config import open_sources
from generator.sources.relays import RelayLimits, read_relay
from tests.support.proving import drawn, in_full

RUN = "20260201T120000Z-00000000"


@pytest.fixture(scope="module")
def world() -> World:
    """Return a world that nobody serves."""
    return World(seed=3, projects=2, invoices=100)


def test_the_truth_covers_every_configured_project_and_the_whole(world: World) -> None:
    config = parse(world.named_config_text(), "config.yaml")
    subjects = {name.split("/")[0] for name in world.truth.figures()}
    slugs = [project.slug for project in config.projects]
    assert subjects == {*slugs, "all"}
    assert [aim.slug for aim in world.truth.aims] == slugs
    both = [project.slug for project in config.projects if project.angor and project.btcpay]
    assert both == ["makers-hall"]
    whole = [
        project.slug for project in config.projects if any(bound.store for bound in project.btcpay or ())
    ]
    assert whole == ["harbour"]
    assert len(slugs) == 6 + 2 + 3


def test_the_truth_knows_every_kind_of_figure(world: World) -> None:
    figures = world.truth.figures()
    names = ("raised", "pending", "refunded", "claimed", "penalty", "released", "recovered", "fee")
    assert all(isinstance(figures[f"all/{name}"], int) and figures[f"all/{name}"] for name in names)
    assert isinstance(figures["harbour/progress"], str), "by the day's rate where the invoice has another"
    assert figures["press-pass/goal"] is None, "a subscription has no goal"
    assert isinstance(figures["garden/progress"], str)
    assert {"all/declared@EUR", "all/declared@SATS"} <= set(figures)
    assert len(figures) >= 200


def test_a_goal_is_the_founders_else_the_crowdfunds_else_the_configurations(world: World) -> None:
    goals: dict[str, Value] = {
        name.removesuffix("/goal"): value
        for name, value in world.truth.figures().items()
        if name.endswith("/goal")
    }
    assert goals["makers-hall"] == 100_000_000_000, "Angor's, not the crowdfund's 0.1 BTC"
    assert (goals["garden"], goals["lamp"], goals["harbour"]) == ("6000", 9_000_000_000, "500")
    config = parse(world.named_config_text(), "config.yaml")
    own = {project.slug: project.goal.value for project in config.projects if project.goal}
    assert {slug: f"{value[0]}" for slug, value in own.items() if value} == {"harbour": "500"}


@pytest.mark.slow
def test_the_same_seed_gives_the_same_named_configuration_and_truth(world: World) -> None:
    again = World(seed=3, projects=2, invoices=100)
    assert again.named_config_text() == world.named_config_text()
    assert again.env() == world.env()
    assert again.truth.figures() == world.truth.figures()
    other = World(seed=4, projects=2, invoices=100)
    assert other.env()[KEY_ENV] != world.env()[KEY_ENV]
    assert other.truth.figures()["all/raised"] != world.truth.figures()["all/raised"]


def test_everything_answers_where_the_configuration_says() -> None:
    with World(seed=2, invoices=30) as world:
        config = parse(world.config_text(), "config.yaml")
        [server] = config.sources.btcpay
        assert httpx.get(f"{server.url}/api/v1/health").json() == {"synchronized": True}
        key = {"Authorization": f"token {world.env()[server.token_env]}"}
        for store in server.stores:
            assert httpx.get(f"{server.url}/api/v1/stores/{store}", headers=key).status_code == 200
        assert len(config.sources.indexers) == 2
        heights = {httpx.get(f"{url}/api/blocks/tip/height").text for url in config.sources.indexer_urls}
        assert heights == {str(len(world.chain.chain.blocks) - 1)}
        assert config.sources.nostr
        for relay in config.sources.nostr.relays[:2]:
            with connect(relay) as socket:
                socket.send(json.dumps(["REQ", "a", {"kinds": [3030]}]))
                assert json.loads(socket.recv(timeout=60))[0] == "EVENT"
        named = parse(world.named_config_text(), "config.yaml")
        assert set(world.hosts()) == {
            "pictures.sandbox.test",
            *(
                httpx.URL(named.sources.btcpay[0].url).host,
                *(httpx.URL(url).host for url in named.sources.indexer_urls),
            ),
            *(httpx.URL(url).host for url in (named.sources.nostr.relays if named.sources.nostr else ())),
        }


@pytest.mark.slow
def test_the_sandbox_prints_a_configuration_and_writes_the_truth(tmp_path: Path) -> None:
    said: list[str] = []
    done = threading.Event()
    path = tmp_path / "truth.json"

    def say(line: str) -> None:
        said.append(line)
        if path.exists():
            done.set()

    run_sandbox(say, seed=5, projects=1, invoices=10, truth=path, until=done)
    config = parse(_below_the_keys("\n".join(said)), "config.yaml")
    assert config.network == "regtest"
    assert len(config.projects) == 6 + 1 + 3
    assert (
        json.loads(path.read_text(encoding="utf-8")) == World(seed=5, projects=1, invoices=10).truth.figures()
    )
    exports = [line for line in said if "export" in line]
    assert [line.split("export ")[1].split("=")[0] for line in exports] == [KEY_ENV, "SUNLIT_ID_KEY"]


def _below_the_keys(text: str) -> str:
    return text.partition("# Save these lines as config.yaml:\n")[2]


def test_the_introduction_names_all_addresses() -> None:
    with World(seed=6, invoices=0) as world:
        text = "\n".join(introduction(world))
        assert all(url in text for url in world.addresses.all)
        assert world.town.narrow.text in text


def test_every_profile_has_a_name_on_the_command_line() -> None:
    names = tuple(map(str, (*PROFILES, *RELAY_PROFILES)))
    given = [part for name in names for part in ("--profile", name)]
    assert sandbox.make_context("sandbox", given).params["profiles"] == names


def test_its_servers_play_the_profiles_that_are_named() -> None:
    played = ("blockcore", "strfry-members", "dead-origin", "refuses-503", "mempool-space")
    with World(seed=6, invoices=0, profiles=played) as world:
        assert [indexer.quirks for indexer in world.indexers] == [
            PROFILES[name] for name in ("blockcore", "dead-origin", "mempool-space")
        ]
        text = "\n".join(introduction(world))
        assert f"# indexer        {world.indexers[1].url} as dead-origin" in text
        sources = parse(_below_the_keys(text), "config.yaml").sources
        assert len(sources.indexers) == 3
        assert sources.nostr is not None
        members, refusing, liar = sources.nostr.relays
        assert f"# relay          {members} as strfry-members" in text
        assert f"# relay          {refusing} as refuses-503" in text
        assert liar == world.relays.lying
        secret = bytes.fromhex(world.env()[sources.nostr.auth_key_env or ""])
        readings = [
            asyncio.run(read_relay(url, [Filter(kinds=(3030,))], RelayLimits(), secret=secret))
            for url in (members, refusing)
        ]
        assert [reading.ending for reading in readings] == ["complete", "refused"]
        assert readings[0].events.keys() >= {project.event.id for project in world.chain.projects}
    with World(seed=6, invoices=0, profiles=("blockcore",)) as world:
        assert [indexer.quirks for indexer in world.indexers] == [PROFILES["blockcore"], Quirks()]
        assert "auth_key_env" not in world.config_text()


async def _collected(world: World, config: Config) -> Collected:
    wish = RunRequest(run=RUN, at=world.now, network="regtest", demo=True)
    async with open_sources(config, world.env(), hosts=world.hosts()) as sources:
        return await collect(sources.first, Known(), wish, then=sources.then)


def _known(found: Collected) -> Known:
    batch = found.batch
    run = Run(id=batch.run, source="runs", at=batch.at, network=batch.network, asked=batch.asked, demo=True)
    return fold(Line(run=batch.run, record=record) for record in (*batch.records, run))


@dataclass(frozen=True)
class Told:
    """What a collected world became, and what it should have become."""

    config: Config
    known: Known
    log: str
    truth: dict[str, Value]
    tokens: tuple[Token, ...]

    def figures(self) -> dict[str, Value]:
        """Return what a report says."""
        report = build(self.known, self.config, demo=True)
        return {figure.id: figure.value for figure in (*report.all_figures(), *report.today.values())}

    def wrong(self) -> list[str]:
        """Return the ids of figures that differ, or that only one side has."""
        said = self.figures()
        names = sorted(said.keys() | self.truth.keys())
        print(f"{len(self.truth)} true figures compared with {len(said)} published ones")
        return [name for name in names if said.get(name, "none") != self.truth.get(name, "none")]


def _told(world: World) -> Told:
    with world:
        config = parse(world.named_config_text(), "config.yaml")
        found = asyncio.run(_collected(world, config))
        assert {asked.outcome for asked in found.batch.asked} == {"ok"}
        log = b"".join(encode(Line(run=RUN, record=record)) for record in found.batch.records).decode()
        return Told(config, _known(found), log, world.truth.figures(), world.btcpay.tokens)


@pytest.fixture(scope="module")
def curated() -> Told:
    return _told(World(seed=8, projects=2, invoices=200))


@pytest.mark.slow
def test_a_report_of_the_world_says_the_truth(curated: Told) -> None:
    assert curated.wrong() == []
    assert len(curated.truth) >= 1500
    assert curated.tokens == ()


@pytest.mark.slow
def test_a_network_wide_report_says_the_truth_and_no_planted_token_is_in_its_log() -> None:
    told = _told(World(seed=9, projects=2, invoices=200, plant=True, network_wide=True))
    assert [project.slug for project in told.config.projects] == ["makers-hall", "harbour", "garden", "lamp"]
    assert told.wrong() == []
    assert len(told.tokens) >= 1000
    published = {token.value for token in told.tokens if token.published}
    assert {token.value for token in told.tokens if token.value in told.log} == published


@pytest.mark.slow
@pytest.mark.proof
def test_a_report_of_a_street_counts_each_way_of_paying_and_no_forgery() -> None:
    """Every way that a reader can find (A8 is only for who asks for it), and every payer who forges."""
    ways = tuple(way for way in WAYS if way.row not in ("A8", ""))
    told = _told(World(seed=8, street=Street(ways=ways, forgers=FORGERS, reset=(1, "Month"))))
    assert len(told.truth) >= 4000
    wrong = told.wrong()
    assert {name.partition("/")[2] for name in wrong} <= {"rows_without_rate@EUR"}
    for name in wrong:  # a row of the ledger joins several contributions
        rows, contributions = told.figures()[name], told.truth[name]
        assert isinstance(rows, int)
        assert isinstance(contributions, int)
        assert 0 < rows < contributions


@pytest.mark.slow
def test_any_two_rules_of_the_ledger_swapped_are_seen(curated: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {}
    every = list(combinations(Kind, 2))
    swaps = drawn(every, in_full(8, len(every)), "swaps of a world")
    for kind, other in swaps:
        rules = (MOVES[kind], MOVES[other])
        with monkeypatch.context() as swapped:
            swapped.setitem(MOVES, kind, rules[1])
            swapped.setitem(MOVES, other, rules[0])
            wrong[kind, other] = len(curated.wrong())
    print(f"{len(wrong)} swaps, each seen in {min(wrong.values())} figures or more")
    assert len(every) == 45
    assert len(wrong) == len(swaps)
    paid_out = {pair: seen for pair, seen in wrong.items() if Kind.PAYOUT in pair}
    assert min(paid_out.values(), default=6) >= 6, "of payouts this world has few rows"
    assert min((seen for pair, seen in wrong.items() if pair not in paid_out), default=10) >= 10


@pytest.mark.slow
def test_percent_rounded_half_up_is_seen(curated: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def half_up(share: Fraction) -> str:
        whole, cents = divmod(int(share * 10_000 + Fraction(1, 2)), 100)
        return f"{whole}.{cents:02d}"

    monkeypatch.setattr(goal, "percent_text", half_up)
    assert curated.wrong()
    assert all(name.endswith("/progress") for name in curated.wrong())


@pytest.mark.slow
def test_a_millisatoshi_more_or_less_is_seen(curated: Told) -> None:
    entry = next(
        entry for entry in curated.known.of(Entry) if entry.rail == "BTC-LN" and entry.kind is Kind.PAYMENT
    )
    more = msgspec.structs.replace(entry, amount_msat=entry.amount_msat + 1)
    known = replace(curated.known, records={**curated.known.records, entry.key: more})
    named = {name.partition("/")[2] for name in replace(curated, known=known).wrong()}
    assert {"raised", f"rail@{entry.rail}"} <= named
