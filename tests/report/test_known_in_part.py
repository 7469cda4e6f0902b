"""A project that is known in part is said at the end of each run, until somebody accepts it."""

import msgspec
import pytest

from generator.ledger import UNKNOWN_STATUS, Status
from generator.places import UNASSIGNED, btcpay_place
from generator.report.known_in_part import lines_in_part
from generator.snapshot import Finding, Result
from generator.wording import plain
from tests.support.village import SHOP, WELL, Village

FAR = "angor1qveshyenpwfnxzunxv9exvctjveshyenpr9jrgg"


@pytest.fixture
def village() -> Village:
    found = Village()
    found.run("2025-01-10")
    found.says("well", "angor")
    found.says("well", SHOP, kind="crowdfund")
    return found


def test_what_is_known_whole_says_nothing(village: Village) -> None:
    village.says("bread", SHOP)
    assert list(lines_in_part(village.report())) == []


@pytest.mark.parametrize(
    "record", [{"complete": False}, {"at_least": ("refunds",)}, {"at_most": ("payments",)}]
)
def test_a_project_known_in_part_is_named_until_it_is_accepted(
    village: Village, record: dict[str, object]
) -> None:
    village.says("bread", SHOP, **record)
    [line] = lines_in_part(village.report())
    assert line.startswith("Known in part: bread;")
    assert "{place: bread, reason: …}" in line
    village.settings["accepted"] = [{"place": "bread", "reason": "the old till told no more"}]
    report = village.report()
    assert list(lines_in_part(report)) == []
    [notes] = [project.notes for project in report.projects if project.slug == "bread"]
    assert [plain(note.text) for note in notes if note.id.startswith("accepted/")] == [
        "The maintainer accepts that something here is not known: the old till told no more."
    ]
    assert not [note for other in report.projects[:1] for note in other.notes if "accepted" in note.id]


def test_a_setting_that_leaves_refunds_out_is_no_gap(village: Village) -> None:
    village.says("bread", SHOP, unread=("refunds",))
    assert list(lines_in_part(village.report())) == []


def test_payouts_that_were_asked_for_and_never_read_are_a_gap(village: Village) -> None:
    said = village.says("bread", SHOP, unread=("refunds",))
    why = Finding(
        id="refunds-read/x", source=SHOP, place=said.id, check="refunds-read", result=Result.NOT_CHECKED
    )
    village.records.append(why)
    [line] = lines_in_part(village.report())
    assert line.startswith("Known in part: bread;")


def test_words_of_a_founder_that_could_not_be_read_are_said(village: Village) -> None:
    said = village.says("bread", "angor")
    why = Finding(id="profile/x", source="angor", place=said.id, check="profile", result=Result.NOT_CHECKED)
    village.records.append(why)
    [line] = lines_in_part(village.report())
    assert line.startswith(
        "The founder's newest words could not be read: bread; older ones or none are shown."
    )
    # of a discovered project its page alone says so: a stranger's words end no run with 3
    village.settings |= {"angor": {"discover": "all"}, "projects": [{"slug": "well", "angor": WELL}]}
    stranger = village.says(FAR, "angor", identifier=FAR)
    village.records.append(msgspec.structs.replace(why, place=stranger.id))
    village.records.remove(why)
    report = village.report()
    assert list(lines_in_part(report)) == []
    assert [
        note.id for page in report.projects for note in page.notes if "newest words" in plain(note.text)
    ] == [f"profile/{FAR}"]


def test_doubt_that_is_accepted_is_not_said_again_by_project(village: Village) -> None:
    said = village.says("bread", SHOP, at_least=("payments",))
    doubt = Finding(
        id="unassigned/x", source=SHOP, place=said.id, check="unassigned", result=Result.NOT_CHECKED
    )
    village.records.append(doubt)
    assert len(list(lines_in_part(village.report()))) == 1
    place = btcpay_place("S1", UNASSIGNED)
    village.settings["accepted"] = [{"place": place, "reason": "gifts of the first winter"}]
    report = village.report()
    assert list(lines_in_part(report)) == []
    told = [
        p.slug for p in report.projects for note in p.notes if "gifts of the first winter" in plain(note.text)
    ]
    assert told == ["bread"]
    # a payment whose status nobody knows is another matter
    excluded = {"status": Status.EXCLUDED, "reason": UNKNOWN_STATUS}
    village.entry("bread", "payment", 7, "2025-01-05", source=SHOP, **excluded)
    [line] = lines_in_part(village.report())
    assert line.startswith("Known in part: bread;")
