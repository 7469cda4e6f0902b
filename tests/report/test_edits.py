"""Edits of terms: before, after, and the snapshots of both."""

import json
from decimal import Decimal

import msgspec
import pytest
from jsonschema import Draft202012Validator

from generator import schemas
from generator.report import Report
from generator.report.files.changes_json import encode_changes
from generator.snapshot import Goal, Stage, Withdrawn
from tests.support.village import Village, reported


@pytest.fixture
def edited(village: Village) -> Report:
    for day in ("2025-03-01", "2025-03-02", "2025-03-05", "2025-03-09"):
        village.run(day)
    moment = village.moment
    stages = (Stage(number=1, percent=Decimal(100), opens_at=moment("2025-06-01")),)
    first = village.says("well", "angor", title="Well", ends_at=moment("2025-05-01"), penalty_days=90)
    second = msgspec.structs.replace(first, goal=Goal(amount_msat=2000), stages=stages, penalty_days=30)
    third = msgspec.structs.replace(second, goal=Goal(value=Decimal("40.50"), currency="EUR"), title="<b>")
    gone = Withdrawn(id="project/well", source="angor", reason="renamed")
    return reported(village, (0, first), (2, second), (2, gone), (3, third))


def test_each_edit_names_both_terms_and_both_snapshots(edited: Report) -> None:
    [well, _] = edited.projects
    told = [
        (edit.term, edit.before, edit.after, edit.seen_before.snapshot[0], edit.seen_after.snapshot[0])
        for edit in well.edits
    ]
    stage = Stage(number=1, percent=Decimal(100), opens_at=well.edits[1].after[0].opens_at)
    assert told == [
        ("goal", None, Goal(amount_msat=2000), "1", "2"),
        ("stages", (), (stage,), "1", "2"),
        ("penalty_days", 90, 30, "1", "2"),
        ("title", "Well", "<b>", "2", "3"),
        ("goal", Goal(amount_msat=2000), Goal(value=Decimal("40.50"), currency="EUR"), "2", "3"),
    ]


def test_a_goal_before_and_after_is_a_figure(edited: Report) -> None:
    goals = {
        figure.id: (figure.value, figure.unit) for figure in edited.all_figures() if "/goal@" in figure.id
    }
    assert goals == {
        "well/goal@angor@20250305T000000Z-00000000": (2000, "msat"),
        "well/goal@angor@20250309T000000Z-00000000": ("40.5", "EUR"),
    }


def test_changes_json_says_the_same_and_follows_its_schema(edited: Report) -> None:
    document = json.loads(encode_changes(edited))
    judge = Draft202012Validator(schemas.documents()["changes"])
    judge.validate(document)
    assert [(edit["term"], edit["before"], edit["after"]) for edit in document["edits"]][1:3] == [
        ("stages", [], [{"number": 1, "percent": "100", "opens_at": "2025-06-01T00:00:00Z"}]),
        ("penalty_days", 90, 30),
    ]
    assert document["edits"][0]["seen_before"] == {
        "run": "20250302T000000Z-00000000",
        "at": "2025-03-02T00:00:00Z",
        "snapshot": "1" * 64,
    }
    document["edits"][0]["surprise"] = 1
    assert not judge.is_valid(document)


def test_nothing_changed_is_nothing_told(full: Village) -> None:
    report = full.report()
    assert [project.edits for project in report.projects] == [(), ()]
    assert [project.restatements for project in report.projects] == [(), ()]
    assert json.loads(encode_changes(report))["edits"] == []
