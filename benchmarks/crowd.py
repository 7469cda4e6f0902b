"""A synthetic log of the whole network: records as a run leaves them, without keys, signatures or evidence.

Most projects have nothing or little, few have much, as on the real network.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

import msgspec

from generator.config import Config, parse
from generator.ledger import Entry, Kind, Status, Verification
from generator.places import angor_place
from generator.snapshot import Asked, Finding, Goal, Line, Outcome, Project, Record, Result, Run, Stage

START: Final = datetime(2025, 1, 1, tzinfo=UTC)
AS_OF: Final = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)
DAY: Final = timedelta(days=1)
RUN: Final = f"{AS_OF:%Y%m%dT%H%M%SZ}-00000000"
KINDS: Final = ("invest", "invest", "invest", "fund", "subscribe")
CONFIG: Final = """\
version: 1
site: {title: The whole network, base_url: "https://sunlit.example/"}
network: main
angor: {discover: all}
sources: {nostr: {relays: ["wss://relay.example.org"]}, indexers: ["https://indexer.example.org"]}
"""
#: Edge states that stand among the others: no goal, 120 letters, right to left.
LONG: Final = "Firmware, manuals and training for community-owned micro-grids and pumps in valleys. " * 2
RTL: Final = "مكتبة متنقلة للأطفال في قرى الوادي"


def config() -> Config:
    """Return the configuration of a network-wide report."""
    return parse(CONFIG)


def lines(projects: int, *, seed: int = 1, busy: float = 0.4, runs: int = 1) -> list[Line]:
    """Return a log whose last of `runs` daily runs saw the projects, of which a share, `busy`, got money."""
    dice = (Random(seed), busy)  # noqa: S311 -- invented amounts
    found = [Line(run=RUN, record=record) for number in range(projects) for record in _project(number, dice)]
    return [*found, *(Line(run=run.id, record=run) for run in _runs(runs, projects))]


def _runs(runs: int, projects: int) -> Iterator[Run]:
    asked = (Asked(source="angor", outcome=Outcome.OK, counts={"projects": projects}),)
    for ago in range(runs):
        at = AS_OF - ago * DAY
        name = f"{at:%Y%m%dT%H%M%SZ}-00000000"
        yield Run(
            id=name, source="runs", at=at, asked=asked, network="main", snapshot="5" * 64, tip_height=950_000
        )


def _project(number: int, dice: tuple[Random, float]) -> Iterator[Record]:
    chance = dice[0]
    began = START + timedelta(days=chance.randrange(650), hours=chance.randrange(24))
    opens = [began + timedelta(days=60 + 30 * stage) for stage in range(1, 5)]
    project = project_record(number, began, opens)
    yield project
    for check in ("event-signature", "event-author", "founder-key-address", "founding-commitment"):
        yield Finding(
            id=f"{check}/{project.id}",
            source="angor",
            place=project.id,
            check=check,
            subject=project.event_id,
            result=Result.OK,
        )
    yield from _investments(number, project.id, dice, (began, opens))


def project_record(number: int, began: datetime, opens: list[datetime]) -> Project:
    """Return the terms of a project; every hundredth has an edge of its own: long, right to left, nothing."""
    kind = KINDS[number % len(KINDS)]
    invest = kind == "invest"
    identifier = f"angor1q{number:06d}{'x' * 32}"
    stages = [Stage(number=stage, percent=Decimal(25), opens_at=day) for stage, day in enumerate(opens, 1)]
    return Project(
        id=angor_place(identifier),
        source="angor",
        kind=kind,
        title={7: LONG, 8: RTL, 9: ""}.get(number % 100, f"Project {number} of the valley"),
        tagline="Clean water within three hundred metres of every door",
        description="# Why\n\nThe spring dries up in August. " * 8,
        network="main",
        goal=Goal(amount_msat=(5 + number % 40) * 10**9) if invest else None,
        starts_at=began,
        ends_at=began + timedelta(days=60) if invest else None,
        expires_at=began + timedelta(days=400),
        penalty_days=90,
        identifier=identifier,
        address=f"bc1q{number:038d}",
        founder_key=f"02{number:064x}",
        event_id=f"{number:064x}",
        founding_txid=f"{number:08x}" + "0" * 56,
        founding_height=900_000 + number % 40_000,
        stages=tuple(stages) if invest else (),
        evidence=(f"{number:064x}",),
    )


def _investments(
    number: int, place: str, dice: tuple[Random, float], times: tuple[datetime, list[datetime]]
) -> Iterator[Record]:
    """Yield the rows: none for most, one or two for some, up to sixty for a few."""
    chance, busy = dice
    luck = (1 - chance.random()) / busy
    most = 0 if luck > 1 else 2 if luck > 0.375 else 10 if luck > 0.075 else 60
    for turn in range(chance.randint(1, most) if most else 0):
        yield from investment(f"{number:08x}{turn:04x}", place, chance, times)


def investment(
    name: str, place: str, chance: Random, times: tuple[datetime, list[datetime]]
) -> Iterator[Entry]:
    """Yield the fee and the locked stages of one investment, and what became of each; `name` is 12 digits."""
    began, opens = times
    at = min(began + timedelta(hours=chance.randrange(60 * 24)), AS_OF - DAY)
    txid = name + "1" * 52
    share_msat = chance.randrange(20, 5000) * 1_000_000
    fee = Entry(
        id=f"{txid}:0",
        source="angor",
        kind=Kind.FEE,
        place=place,
        amount_msat=share_msat // 25_000 * 1000,
        at=at,
        status=Status.CONFIRMED,
        verification=Verification.PROVEN,
        height=900_000 + (at - START).days * 144 // 3,
        block="0" * 64,
        evidence=(txid, f"{txid}@{'0' * 64}", "0" * 64),
    )
    yield fee
    party = f"03{name[:8]:0>32}{name[8:]:0>32}"
    for stage, day in enumerate(opens, 1):
        entry = msgspec.structs.replace(
            fee,
            id=f"{txid}:{stage + 1}",
            kind=Kind.INVESTMENT,
            amount_msat=share_msat,
            stage=stage,
            opens_at=day,
            party=party,
        )
        yield entry
        yield from _spend(entry, day, chance, f"{name[:8]}{stage:04x}" + "2" * 52 + f"/{int(name[8:], 16)}")


def _spend(entry: Entry, opens: datetime, chance: Random, name: str) -> Iterator[Entry]:
    """Yield the claim or recovery of a stage, which four of five see."""
    at = opens + timedelta(days=chance.randrange(40))
    if at < AS_OF and chance.random() < 0.8:
        kind = Kind.CLAIM if chance.random() < 0.9 else Kind.RECOVERY
        yield msgspec.structs.replace(entry, id=name, kind=kind, at=at, spends=entry.id)
