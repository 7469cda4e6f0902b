"""`sunlit migrate --redact`: texts leave log and site, money stays, and no later run brings them back."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from generator import store
from generator.cli import Exit, run
from generator.cli.verify_process import installation
from generator.ledger import Entry
from generator.packed import pack, unpack
from generator.places import angor_place
from generator.protocol.nostr import Event, sign
from generator.sandbox.chain import ChainWorld
from generator.sandbox.chain.project import Project as Venture
from generator.sandbox.relay import QuirkyRelay, serve_quirky
from generator.snapshot import EventRecord, Known, Project, Redaction, Result, run_id
from generator.snapshot.batch import Batch, latest_by_key
from generator.snapshot.run_record import Asked, Outcome
from generator.snapshot.takedown import TAKEN_DOWN, redacted
from generator.sources.angor import AngorSource, Moderation
from generator.sources.indexers import Indexers
from generator.sources.relays import Relays
from generator.verify.folder_reader import read_folder
from generator.verify.results import VerificationResult
from generator.verify.site_copy import LARGEST_FILE
from generator.verify.steps import verify
from tests.support import published
from tests.support.angor_sandbox import LISTEN, nearby, played
from tests.support.limits import GENEROUS
from tests.support.records import finding
from tests.support.trust import trust

MODERATOR = bytes([11]) * 32
REASON = "a court ordered it"
OLDER = "An older, worse title"
LISTED = sign(MODERATOR, kind=1, content="", created_at=1).pubkey


@pytest.fixture(scope="module")
def world() -> ChainWorld:
    whole = played(1)[0]
    return replace(whole, projects=(whole.projects[0], whole.projects[4]))


@pytest.fixture(scope="module")
def bad(world: ChainWorld) -> Venture:
    return world.projects[0]


def words(bad: Venture) -> tuple[str, ...]:
    """Return what must be found nowhere, as it stands in JSON and in pages."""
    return (OLDER, bad.draft.title, bad.draft.about, bad.draft.description.split("\n")[0], bad.draft.picture)


def denied(bad: Venture) -> Event:
    tags = [["d", "angor:deny"], ["p", bad.founder.nostr_pubkey]]
    return sign(MODERATOR, kind=30000, content="", created_at=1_750_000_000, tags=tags)


def read(world: ChainWorld, known: Known, day: int, *lists: Event) -> Batch:
    """Return what a run finds."""
    at = world.now + timedelta(days=day)

    async def asked() -> Batch:
        server = nearby(world)
        near = {server.url: httpx.ASGITransport(app=server.application())}
        async with (
            serve_quirky(QuirkyRelay(events=[*world.events, *lists])) as relay,
            httpx.AsyncClient(mounts=near, verify=trust()) as client,
        ):
            source = AngorSource(
                network="regtest",
                relays=Relays(urls=[relay.url], limits=LISTEN),
                indexers=Indexers.of([server.url], client=client, network="regtest", limits=GENEROUS),
                listed={},
                discover="all",
                moderation=Moderation(mode="deny", moderators=(LISTED,)),
            )
            records = [record async for record in source.collect(known, at=at, full=False)]
            said = source.tally.asked("angor", Outcome.OK)
        return Batch(
            run=run_id(at, "test"),
            at=at,
            network="regtest",
            asked=(Asked(source="angor", outcome=Outcome.OK, reads=said.reads),),
            records=latest_by_key(records),
            tip_height=source.tally.tip_height,
        )

    return asyncio.run(asked())


@pytest.fixture(scope="module")
def first(world: ChainWorld) -> Batch:
    return read(world, Known(), 0)


@pytest.fixture
def folder(first: Batch, bad: Venture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a site with a log of two runs: a title changed in between."""
    earlier = first.at - timedelta(days=1)
    old = [
        msgspec.structs.replace(record, title=OLDER)
        if isinstance(record, Project) and record.identifier == bad.identifier
        else record
        for record in first.records
    ]
    before = msgspec.structs.replace(first, run=run_id(earlier, "test"), at=earlier, records=tuple(old))
    for batch in (before, first):
        store.append(tmp_path / "content/snapshots", batch, refresh_hours=24)
    (tmp_path / "config.yaml").write_text(
        "version: 1\nsite: {title: Example}\nnetwork: regtest\n"
        f"angor: {{discover: all, moderation: deny, moderators: [{LISTED}]}}\n"
        "sources:\n  nostr: {relays: ['ws://127.0.0.1:1']}\n  indexers: ['http://127.0.0.1:1']\n"
        "quality: {max_age_hours: 100000}\nprojects: []\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def migrate(*options: str) -> int:
    return run(["migrate", *options])


def log_of(folder: Path) -> dict[str, bytes]:
    log = folder / "content/snapshots"
    return {path.relative_to(log).as_posix(): path.read_bytes() for path in sorted(log.rglob("*.jsonl"))}


def known_in(folder: Path) -> Known:
    return store.load(folder / "content/snapshots")


def append(folder: Path, batch: Batch) -> bool:
    return store.append(folder / "content/snapshots", batch, refresh_hours=24)


def found_in(folder: Path, texts: Sequence[str]) -> dict[str, list[str]]:
    """Return which texts stand in which files of log and site."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    data = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {
        name: there
        for name, held in data.items()
        if (there := [text for text in texts if text.encode() in held])
    }


def figures(folder: Path) -> dict[str, object]:
    rows = published.figures(folder / "output")
    return {row["id"]: (row["value"], row["bound"]) for row in rows if not row["id"].startswith("all/")}


def verified(folder: Path) -> VerificationResult:
    return verify(read_folder(folder / "output"), installation())


def test_texts_leave_log_and_site_and_no_figure_changes(
    folder: Path, world: ChainWorld, bad: Venture, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["render"]) == Exit.DONE
    assert {text for some in found_in(folder, words(bad)).values() for text in some} == {*words(bad)}
    sums, rows, before = figures(folder), known_in(folder).of(Entry), log_of(folder)
    assert migrate("--redact", bad.identifier, "--reason", REASON, "--dry-run") == Exit.DONE
    assert log_of(folder) == before
    capsys.readouterr()
    assert migrate("--redact", bad.identifier, "--reason", REASON) == Exit.DONE
    said = capsys.readouterr()
    assert "9 texts taken out of content/snapshots; no amount changed" in said.out
    assert "the history of the repository, its forks" in said.err
    assert run(["render"]) == Exit.DONE
    assert found_in(folder, words(bad)) == {}
    assert figures(folder) == sums
    assert known_in(folder).of(Entry) == rows
    page = (folder / "output/index.html").read_text()
    assert f"Texts of {angor_place(bad.identifier)} were taken down" in page
    assert REASON in page
    own = next(folder.glob(f"output/p/*{bad.identifier}*/index.html")).read_text()
    assert f"Texts of this project were taken down: {REASON}." in own
    assert "nobody can derive them again from what is published here" in own
    result = verified(folder)
    checks = {check.name: check for check in result.checks}
    assert result.failed == ()
    assert checks["events-redacted"].reason.startswith("3 events were redacted")
    assert checks["redacted-projects"].wanted, "its rows are summed, and nobody can derive them again"
    # old snapshots are read as before, and relays, which have all of it, bring nothing back
    log = folder / "content/snapshots"
    assert all(store.prefixes(log, taken.run.snapshot) for taken in store.snapshots(log))
    again = read(world, known_in(folder), 400)
    append(folder, again)
    assert found_in(folder / "content", words(bad)) == {}
    assert len(known_in(folder).of(Project)) == len(world.projects)


def test_twice_is_once_and_what_is_not_there_is_named(
    folder: Path, bad: Venture, capsys: pytest.CaptureFixture[str]
) -> None:
    place = angor_place(bad.identifier)
    assert migrate("--redact", place, "--reason", REASON) == Exit.DONE
    once = log_of(folder)
    assert migrate("--redact", bad.identifier, "--reason", "another reason") == Exit.DONE
    assert "was taken down before; nothing is to be done" in capsys.readouterr().out
    assert log_of(folder) == once
    assert migrate("--redact", "angor1qnobody", "--reason", REASON) == Exit.WRONG_USE
    said = capsys.readouterr().err
    assert "no project and no event 'angor1qnobody'" in said
    assert place in said
    assert migrate("--redact", place) == Exit.WRONG_USE
    assert "--redact needs --reason" in capsys.readouterr().err
    assert migrate("--redact", place, "--rekey") == Exit.WRONG_USE
    assert log_of(folder) == once


def test_one_event_goes_alone_and_rows_can_still_be_derived(folder: Path, bad: Venture) -> None:
    [event] = [event for event in bad.events() if event.kind == 30078]
    assert migrate("--redact", event.id, "--reason", REASON) == Exit.DONE
    known = known_in(folder)
    [told] = [project for project in known.of(Project) if project.identifier == bad.identifier]
    assert (told.description, told.title) == ("", bad.draft.title)
    assert [record.id for record in known.of(EventRecord) if record.redacted] == [event.id]
    assert run(["render"]) == Exit.DONE
    assert found_in(folder, [bad.draft.description.split("\n")[0]]) == {}
    result = verified(folder)
    assert (result.failed, result.incomplete) == ((), False)
    assert "events-redacted" in {check.name for check in result.checks}


def test_a_run_that_read_before_brings_nothing_back(folder: Path, first: Batch, bad: Venture) -> None:
    """Such as a journal of a killed run, or one of another machine."""
    assert migrate("--redact", bad.identifier, "--reason", REASON) == Exit.DONE
    late = [
        msgspec.structs.replace(record, title="New words", description="of the same author")
        if isinstance(record, Project)
        else record
        for record in first.records
    ]
    at = first.at + timedelta(days=1)
    new = bad.say(30078, "of the same author", at, ["d", "angor:project"])
    told = EventRecord(id=new.id, source="angor", json=msgspec.json.encode(new.to_obj()).decode())
    batch = msgspec.structs.replace(
        first, run=run_id(at, "late"), at=at, records=latest_by_key([*late, told])
    )
    assert append(folder, batch)
    [project] = [project for project in known_in(folder).of(Project) if project.identifier == bad.identifier]
    assert (project.title, project.description) == ("", "")
    [stub] = [record for record in known_in(folder).of(EventRecord) if record.id == new.id]
    assert (stub.json, len(stub.redacted)) == ("", 64)


def test_one_denied_after_it_was_stored_is_taken_down_and_nothing_is_lacking(
    folder: Path, world: ChainWorld, bad: Venture
) -> None:
    append(folder, read(world, known_in(folder), 1, denied(bad)))
    assert found_in(folder, words(bad)), "what was stored before stays until it is taken down"
    assert migrate("--redact", bad.identifier, "--reason", REASON) == Exit.DONE
    append(folder, read(world, known_in(folder), 2, denied(bad)))
    assert run(["render"]) == Exit.DONE
    assert found_in(folder, words(bad)) == {}
    result = verified(folder)
    assert (result.failed, result.incomplete) == ((), False)
    assert {"hidden-projects", "events-redacted"} <= {check.name for check in result.checks}


def test_reasons_that_quote_a_founder_go_as_well(bad: Venture) -> None:
    place = angor_place(bad.identifier)
    said = Redaction(id=place, source="angor", reason=REASON)
    quoting = msgspec.structs.replace(
        finding("profile/x", Result.NOT_CHECKED), place=place, check="profile", reason="duplicate key: 'rude'"
    )
    changed = redacted(quoting, {said.key: said})
    assert (changed.reason, changed.result) == (TAKEN_DOWN, Result.NOT_CHECKED)  # type: ignore[union-attr]
    other = msgspec.structs.replace(quoting, place="angor:other")
    assert redacted(other, {said.key: said}) == other


def test_an_event_without_text_that_nothing_took_down_is_a_forgery(folder: Path) -> None:
    assert run(["render"]) == Exit.DONE
    copy = read_folder(folder / "output")
    name = next(name for name in copy.files if name.startswith("data/snapshots/angor/"))
    lines = unpack(copy.files[name], LARGEST_FILE).split(b"\n")
    at = next(number for number, line in enumerate(lines) if b'"type":"event"' in line)
    line = msgspec.json.decode(lines[at])
    line["record"] = {key: value for key, value in line["record"].items() if key != "json"} | {
        "redacted": "0"
    }
    lines[at] = msgspec.json.Encoder(order="sorted").encode(line)
    forged = replace(copy, files={**copy.files, name: pack(b"\n".join(lines))})
    assert "event-signatures" in verify(forged, installation()).failed
