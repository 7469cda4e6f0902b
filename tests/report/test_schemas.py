"""Every data file validates against the schema that `sunlit schema` prints, and a wrong one does not."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from generator import schemas
from generator.pages.files import edition_path
from generator.report.editions import edition_of
from generator.report.statements.edition import encode_edition
from generator.snapshot import (
    BranchRecord,
    EventRecord,
    Finding,
    HeaderRecord,
    Heading,
    Line,
    Result,
    TransactionRecord,
    Withdrawn,
    encode,
)
from generator.verify.files_check import schema_of
from tests.support.published import data_of

if TYPE_CHECKING:
    from tests.support.village import Village

DOCUMENTS = schemas.documents()


def judge(name: str) -> Draft202012Validator:
    return Draft202012Validator(DOCUMENTS[name], format_checker=FormatChecker())


@pytest.mark.parametrize("name", ["config", "snapshot", "figures", "ledger", "manifest", "edition"])
def test_each_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(DOCUMENTS[name])
    assert DOCUMENTS[name]["$schema"] == schemas.DIALECT
    json.dumps(DOCUMENTS[name])


def test_what_the_report_writes_is_valid(full: "Village") -> None:
    report = full.report()
    found = {path: data for path, data in data_of(report).items() if schema_of(path)}
    assert {schema_of(path) for path in found} == {"figures", "ledger", "findings", "changes", "status"}
    assert len(found) > len(report.projects) + 4
    for path, data in found.items():
        judge(schema_of(path)).validate(json.loads(data))


def test_an_edition_is_valid_and_one_with_a_wrong_field_is_not(full: "Village") -> None:
    data = encode_edition(edition_of(full.report(), "2025-02"))
    valid = json.loads(data)
    assert schema_of(edition_path("2025-02")) == "edition"
    judge("edition").validate(valid)
    assert len(valid["figures"]) > 10
    [first, *others] = valid["figures"]
    for wrong in (
        {"month": "2025-13"},
        {"snapshot": "abc"},
        {"as_of": "yesterday"},
        {"note": "more"},
        {"edits": [["well", "goal"]]},
        {"figures": [first | {"value": 1.5}, *others]},
        {"figures": [first | {"value": "about 9"}, *others]},
        {"figures": [first | {"bound": "perhaps"}, *others]},
        {"figures": [first | {"id": "Well/raised"}, *others]},
    ):
        with pytest.raises(ValidationError):
            judge("edition").validate(valid | wrong)
    for field in valid:
        with pytest.raises(ValidationError):
            judge("edition").validate({name: value for name, value in valid.items() if name != field})


def test_every_line_of_a_log_is_valid(full: "Village") -> None:
    full.records += [
        EventRecord(id="e", source="angor", json="{}"),
        TransactionRecord(id="t", source="angor", hex="00"),
        HeaderRecord(id="h", source="angor", height=1, hex="00"),
        BranchRecord(id="t@h", source="angor", position=0, hashes=("ff",)),
        Finding(id="c/x", source="angor", check="c", subject="x", result=Result.OK),
        Withdrawn(id="entry/x", source="angor", reason="reorged out"),
    ]
    judge("snapshot").validate(json.loads(encode(Heading(schema=1, source="angor", month="2025-01"))))
    lines = full.lines()
    assert len(lines) == 33
    for line in lines:
        judge("snapshot").validate(json.loads(encode(line)))


def test_the_demos_configuration_is_valid(full: "Village") -> None:
    document = json.loads(full.config().model_dump_json(exclude_defaults=True))
    judge("config").validate(document)


def figure(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    return {
        "id": "raised",
        "value": 1,
        "unit": "msat",
        "bound": "exact",
        "verification": None,
        "formula": "",
        "inputs": [],
    } | fields


def document(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON
    return {
        "schema": 4,
        "network": "regtest",
        "project": "well",
        "definitions": [],
        "figures": [],
        "series": [],
        "projects": [],
    } | fields


PART = {"project": "well", "path": "p/well/figures.json", "rows": 1, "bytes": 1, "sha256": "0" * 64}


SERIES = {
    "id": "raised@{of}",
    "unit": "msat",
    "bound": "exact",
    "verification": "proven",
    "formula": "Raised by {of}.",
    "inputs": ["entries:payment:confirmed:until={of}"],
    "points": [["2025-01-07", 1], ["2025-01-08", None]],
}
MANIFEST = {
    "schema": 1,
    "demo": False,
    "snapshot": "5" * 64,
    "as_of": "2025-01-01T00:00:00Z",
    "files": {"p/well/preview.png": "0" * 64},
    "pixels": {"p/well/preview.png": "1" * 64},
}
ENTRY = json.loads(encode(Line(run="r", record=TransactionRecord(id="t", source="angor", hex="00"))))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("figures", document(figures=[figure(value=1.5)])),
        ("figures", document(figures=[figure(id="Well/raised")])),
        ("figures", document(figures=[figure(verification="maybe")])),
        ("figures", document(figures=[figure(extra=1)])),
        ("figures", document(figures=[figure(bound="perhaps")])),
        ("figures", document(figures=[{**figure(), "complete": True}])),
        ("figures", document(series=[SERIES | {"id": "well/raised@2025-01-07"}])),
        ("figures", document(series=[SERIES | {"points": [["2025-01-07", 1.5]]}])),
        ("figures", document(series=[SERIES | {"points": [["2025-01-07"]]}])),
        ("figures", document(series=[SERIES | {"points": [["2025-01-07", 1, 2]]}])),
        ("figures", document(series=[SERIES | {"verification": "maybe"}])),
        ("figures", document(series=[SERIES | {"formula": "x" * 501}])),
        ("figures", document(as_of="2025-01-01T00:00:00Z")),
        ("manifest", MANIFEST | {"as_of": "yesterday"}),
        ("figures", {key: value for key, value in document().items() if key != "network"}),
        ("figures", document(projects=[PART | {"path": "elsewhere.json"}])),
        ("figures", document(projects=[PART | {"sha256": "abc"}])),
        ("figures", document(projects=[PART | {"month": "May"}])),
        ("figures", {key: value for key, value in document().items() if key != "projects"}),
        ("ledger", document(figures=[])),
        ("manifest", MANIFEST | {"files": {"index.html": "abc"}}),
        ("manifest", MANIFEST | {"files": {"/etc/passwd": "0" * 64}}),
        ("manifest", MANIFEST | {"pixels": {"p/well/preview.png": "abc"}}),
        ("manifest", MANIFEST | {"more": 1}),
        ("snapshot", ENTRY | {"more": 1}),
        ("snapshot", {"run": "r", "record": ENTRY["record"] | {"type": "gift"}}),
        ("snapshot", {"run": "r", "record": ENTRY["record"] | {"more": 1}}),
    ],
)
def test_a_wrong_file_is_refused(name: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        judge(name).validate(wrong)


def test_the_right_ones_beside_them_pass() -> None:
    figures = [figure(), figure(value=None), figure(value="9", unit="EUR")]
    parts = [PART, PART | {"month": "2025-05"}]
    judge("figures").validate(document(figures=figures, series=[SERIES], projects=parts))
    judge("manifest").validate(MANIFEST)
    judge("snapshot").validate(ENTRY)
