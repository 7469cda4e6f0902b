"""Moderators' lists hide discovered projects; their money is read, recorded and counted all the same."""

from collections.abc import Sequence
from dataclasses import replace

import httpx
import pytest

from generator.config import Config, parse
from generator.errors import ConfigError, Unavailable
from generator.judge.bookkeeping import ProjectFindings
from generator.language import english
from generator.ledger import Entry
from generator.places import angor_place
from generator.protocol.nostr import Event, pubkey_of, sign
from generator.report import build
from generator.sandbox.chain import ChainWorld
from generator.sandbox.indexer import serve_indexer
from generator.sandbox.relay import QuirkyRelay, serve_quirky
from generator.snapshot import Asked, EventRecord, Known, Line, Outcome, Project, Record, Result, Run, fold
from generator.sources.angor import AngorSource, Moderation
from generator.sources.angor.archive import Archive
from generator.sources.angor.event_index import EventIndex
from generator.sources.angor.moderation import ModerationJudge
from generator.sources.angor.project_reading import ProjectReading
from generator.sources.indexers import Indexers
from generator.sources.relays import Relays
from generator.verify.rederive import check_proof
from tests.support.angor_sandbox import LISTEN, played
from tests.support.limits import GENEROUS
from tests.support.trust import trust

pytestmark = pytest.mark.anyio
ADMIN, OTHER, STRANGER = bytes([11]) * 32, bytes([12]) * 32, bytes([13]) * 32
KEYS = tuple(sign(secret, kind=1, content="", created_at=1).pubkey for secret in (ADMIN, OTHER))
NPUB = "npub1yedv5vlsnppc6ernqputw4ryf4388tydavca5u23dz47exy0k6ts4xc8md"


@pytest.fixture(scope="module")
def world() -> ChainWorld:
    """Return two projects of the sandbox."""
    whole = played(1)[0]
    return replace(whole, projects=(whole.projects[0], whole.projects[4]))


def deny(*keys: str, by: bytes = ADMIN, at: int = 1_750_000_000, d: str = "angor:deny") -> Event:
    return sign(by, kind=30000, content="", created_at=at, tags=[["d", d], *(["p", key] for key in keys)])


def pins(*keys: str, by: bytes = ADMIN) -> Event:
    return sign(by, kind=10001, content="", created_at=1_750_000_000, tags=[["p", key] for key in keys])


async def collected(
    world: ChainWorld, lists: Sequence[Event], mode: str, listed: Sequence[int] = ()
) -> Known:
    relay = QuirkyRelay(events=[*world.events, *lists])
    chosen = {world.projects[number].identifier: world.projects[number].draft.slug for number in listed}
    async with serve_quirky(relay), httpx.AsyncClient(verify=trust()) as client:
        with serve_indexer(world) as server:
            source = AngorSource(
                network="regtest",
                relays=Relays(urls=[relay.url], limits=LISTEN),
                indexers=Indexers.of([server.url], client=client, network="regtest", limits=GENEROUS),
                listed=chosen,
                discover="all",
                moderation=Moderation(mode=mode, moderators=KEYS),  # type: ignore[arg-type]
            )
            records: list[Record] = [
                record async for record in source.collect(Known(), at=world.now, full=False)
            ]
    asked = (Asked(source="angor", outcome=Outcome.OK),)
    run = Run(id="r", source="sunlit", at=world.now, asked=asked, network="regtest")
    return fold(Line(run="r", record=record) for record in [*records, run])


def config(world: ChainWorld, mode: str, listed: Sequence[int] = ()) -> Config:
    chosen = [world.projects[number] for number in listed]
    rows = "".join(f"  - {{slug: {project.draft.slug}, angor: {project.identifier}}}\n" for project in chosen)
    return parse(
        "version: 1\nsite: {title: Example}\nnetwork: regtest\n"
        f"angor: {{discover: all, moderation: {mode}, moderators: [{KEYS[0]}, {KEYS[1]}]}}\n"
        "sources:\n  nostr: {relays: ['ws://127.0.0.1:1']}\n  indexers: ['http://127.0.0.1:1']\n"
        + (f"projects:\n{rows}" if rows else "projects: []\n")
    )


def shown(known: Known, world: ChainWorld, mode: str, listed: Sequence[int] = ()) -> tuple[set[str], str]:
    """Return the identifiers of the projects on the pages, and what the notes say about others."""
    report = build(known, config(world, mode, listed), demo=False)
    by_slug = {project.draft.slug: project.identifier for project in world.projects}
    notes = " ".join(english(note.text) for note in report.notes if note.id.startswith("moderation/"))
    return {by_slug.get(project.slug, project.slug) for project in report.projects}, notes


@pytest.mark.slow
async def test_a_denied_project_is_recorded_counted_as_hidden_and_not_shown(world: ChainWorld) -> None:
    bad, good = world.projects
    plain = await collected(world, [], "deny")
    denied = await collected(world, [deny(bad.founder.nostr_pubkey)], "deny")
    assert denied.of(Entry) == plain.of(Entry) != ()
    assert shown(plain, world, "deny") == ({bad.identifier, good.identifier}, "")
    on_pages, note = shown(denied, world, "deny")
    assert on_pages == {good.identifier}
    assert note.startswith(
        "One project of the network is not shown and in no figure here: named by a deny list"
    )


@pytest.mark.slow
@pytest.mark.parametrize("length", [2_500, 7_000])
async def test_a_list_as_long_as_relays_pass_on_is_followed(world: ChainWorld, length: int) -> None:
    bad, good = world.projects
    short = deny(good.founder.nostr_pubkey)
    keys = (*(f"{number:064x}" for number in range(length)), bad.founder.nostr_pubkey)
    known = await collected(world, [short, deny(*keys, at=1_750_000_001)], "deny")
    assert shown(known, world, "deny")[0] == {good.identifier}


@pytest.mark.slow
async def test_a_list_too_large_to_be_kept_lets_no_older_one_stand(world: ChainWorld) -> None:
    good = world.projects[1]
    large = deny(*(f"{number:064x}" for number in range(20_000)), at=1_750_000_001)
    with pytest.raises(Unavailable, match=f"event {large.id} has 1300011 bytes of text"):
        await collected(world, [deny(good.founder.nostr_pubkey), large], "deny")
    other = deny(*(f"{number:064x}" for number in range(20_000)), at=1_750_000_003, d="friends")
    known = await collected(world, [deny(good.founder.nostr_pubkey), other], "deny")
    assert len(shown(known, world, "deny")[0]) == 1, "another list of theirs is nobody's business"
    newest = deny(at=1_750_000_002)
    known = await collected(world, [large, newest], "deny")
    assert len(shown(known, world, "deny")[0]) == 2


@pytest.mark.slow
async def test_the_words_of_a_hidden_project_are_not_stored_and_verification_says_so(
    world: ChainWorld,
) -> None:
    bad, _ = world.projects
    denying = deny(bad.founder.nostr_pubkey)
    known = await collected(world, [denying], "deny")
    own = {event.id for event in world.events if event.pubkey == bad.founder.nostr_pubkey}
    stored = {record.id for record in known.of(EventRecord)}
    assert own & stored == set()
    assert denying.id in stored
    [hidden] = [project for project in known.of(Project) if project.identifier == bad.identifier]
    assert (hidden.title, hidden.tagline, hidden.description, hidden.website) == ("", "", "", "")
    assert own & set(hidden.evidence) == set()
    results = {result.name: result for result in check_proof(known, config(world, "deny"), known.runs[-1])}
    assert results["hidden-projects"].result is Result.NOT_CHECKED
    assert not results["hidden-projects"].wanted
    assert results["terms"].problems == ()
    assert not [problem for problem in results["entries-derived"].problems if "has no" in problem]
    # whoever lists it shows it, and what it rests on
    shown_again = await collected(world, [denying], "deny", listed=[0])
    assert own & {record.id for record in shown_again.of(EventRecord)}
    assert {project.title != "" for project in shown_again.of(Project)} == {True}


async def test_a_listed_project_is_shown_though_denied_and_says_so(world: ChainWorld) -> None:
    bad, good = world.projects
    known = await collected(world, [deny(bad.founder.nostr_pubkey)], "deny", listed=[0])
    assert shown(known, world, "deny", [0]) == ({bad.identifier, good.identifier}, "")
    report = build(known, config(world, "deny", [0]), demo=False)
    [project] = [project for project in report.projects if project.slug == bad.draft.slug]
    assert any("asks not to show this project" in english(note.text) for note in project.notes)


async def test_only_what_a_whitelist_names_is_shown(world: ChainWorld) -> None:
    bad, good = world.projects
    known = await collected(world, [pins(good.founder.nostr_pubkey, by=OTHER), pins()], "whitelist")
    assert shown(known, world, "whitelist")[0] == {good.identifier}
    # no list at all is no list, not an empty one
    silent = await collected(world, [], "whitelist")
    assert shown(silent, world, "whitelist")[0] == {bad.identifier, good.identifier}


LISTS = {
    "a stranger's": ([deny("{key}", by=STRANGER)], False),
    "another list's": ([deny("{key}", d="friends")], False),
    "replaced by an empty one": ([deny("{key}"), deny(at=1_750_000_001)], False),
    "from the future": ([deny("{key}", at=4_000_000_000)], False),
    "one of two moderators'": ([deny("{key}", by=OTHER), deny()], True),
}


@pytest.mark.parametrize("name", LISTS)
def test_which_lists_count(name: str, world: ChainWorld) -> None:
    lists, denied = LISTS[name]
    moderation = Moderation(mode="deny", moderators=KEYS)
    standing = moderation.lists(lists, at=world.now)
    assert any("{key}" in str(event.tags) for event in standing) is denied


DENIED, HONEST = "aa" * 32, "bb" * 32


@pytest.mark.parametrize(
    ("announcing", "recorded", "hidden"),
    [
        ({DENIED}, "", True),
        ({DENIED, HONEST}, "", False),  # whoever is denied hides nobody else's project by announcing it
        (set(), "", None),
        ({HONEST}, DENIED, True),  # denied after it was stored
        ({DENIED}, HONEST, False),
    ],
)
def test_a_project_that_cannot_be_read_is_judged_by_what_is_known(
    world: ChainWorld, announcing: set[str], recorded: str, *, hidden: bool | None
) -> None:
    name = world.projects[0].identifier
    project = Project(
        id=angor_place(name), source="angor", kind="invest", identifier=name, nostr_pubkey=recorded
    )
    lines = [Line(run="r", record=project)] if recorded else []
    events, listing = EventIndex(), deny(DENIED)
    events.add({listing.id: listing})
    judge = ModerationJudge(
        moderation=Moderation(mode="deny", moderators=KEYS),
        archive=Archive(fold(lines), "angor"),
        events=events,
        announcing={name: announcing},
        at=world.now,
    )
    reading = ProjectReading(identifier=name, checks=ProjectFindings(source="angor", place=angor_place(name)))
    judge.judge(reading)
    assert (None if reading.hidden is None else bool(reading.hidden)) is hidden
    only_announced = ProjectReading(identifier=name, checks=reading.checks, founding="none", unchanged_txs=0)
    judge.judge(only_announced)
    assert only_announced.hidden is None


def test_keys_are_npub_or_hex_and_nothing_else() -> None:
    key = pubkey_of(NPUB)
    assert (len(key), pubkey_of(key)) == (64, key)
    for wrong in ("", NPUB[:-1] + "x", "nsec" + NPUB[4:], key.upper(), key[:-1], "npub1"):
        with pytest.raises(ValueError, match="must be a Nostr public key"):
            pubkey_of(wrong)


@pytest.mark.parametrize(
    ("angor", "said"),
    [
        (
            "{moderation: deny}",
            "'deny' follows lists that somebody signs: add their keys as angor.moderators",
        ),
        (f"{{moderators: [{NPUB}]}}", "set it to deny or whitelist"),
        ("{moderation: deny, moderators: [npub1x]}", "must be a Nostr public key"),
        (f"{{moderaton: deny, moderators: [{NPUB}]}}", "unknown key 'moderaton', did you mean 'moderation'?"),
    ],
)
def test_what_the_configuration_refuses(angor: str, said: str) -> None:
    text = f"version: 1\nsite: {{title: Example}}\nnetwork: main\nangor: {angor}\nprojects: []\n"
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert any(said in str(problem) for problem in caught.value.problems)
