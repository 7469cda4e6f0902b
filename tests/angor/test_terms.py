"""The terms of a project: read whole, or refused with a named reason."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.protocol.angor.strict_json import TermsError
from generator.protocol.angor.terms import (
    Frequency,
    Pattern,
    PayoutDay,
    ProjectType,
    StageTerms,
    Terms,
)
from tests.support.vectors import angor_vectors

DATA = angor_vectors()
VECTORS = {vector["name"]: vector for vector in DATA["vectors"]}
INVEST, SUBSCRIBE = (fixture["nostr_events"][0]["content"] for fixture in DATA["synthetic_fixtures"])


def changed(**fields: object) -> str:
    return json.dumps(json.loads(INVEST) | fields)


def without(*names: str) -> str:
    return json.dumps({name: value for name, value in json.loads(INVEST).items() if name not in names})


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_invest_project() -> None:
    terms = Terms.parse(INVEST)
    quarter = Decimal(25)
    assert terms == Terms(
        version=2,
        project_type=ProjectType.INVEST,
        founder_key="030d1351b9828b423a3a63ac7bd04c4d5b15b77be055300e166ddf65515eda905a",
        founder_recovery_key="030a83bd5a15189c06b9059114a520b028a528c64d372c24cd3c648f6db4d9317a",
        project_identifier="angor1qffvtle2fjc5h5pfh6eczuengeddf2equ707zdd",
        nostr_pubkey="d9082e4d13518c888aa6b18cabbee0ffc2095cd4ea503ec98acd58ba838b9299",
        network_name="Main",
        start_date=day("2025-02-07"),
        end_date=day("2025-06-07"),
        penalty_days=90,
        expiry_date=day("2026-01-01"),
        target_amount_sat=50_000_000,
        penalty_threshold_sat=None,
        stages=(
            StageTerms(percent=quarter, release_date=day("2025-07-01")),
            StageTerms(percent=quarter, release_date=day("2025-08-01")),
            StageTerms(percent=quarter, release_date=day("2025-09-01")),
            StageTerms(percent=quarter, release_date=day("2025-10-01")),
        ),
        seeder_threshold=0,
        secret_hashes=(),
        patterns=(),
    )
    assert terms.is_on("main")
    assert not terms.is_on("Angornet")


def test_a_subscribe_project() -> None:
    terms = Terms.parse(SUBSCRIBE)
    assert terms.project_type is ProjectType.SUBSCRIBE
    assert (terms.start_date, terms.end_date) == (day("2025-04-01"), None)  # .NET's empty date is no date
    assert terms.patterns == (
        Pattern(
            pattern_id=0,
            frequency=Frequency.MONTHLY,
            stage_count=6,
            payout_day_type=PayoutDay.FROM_START,
            payout_day=0,
            amount_sat=500_000,
            name="6-Month Monthly",
        ),
    )
    assert terms.pattern(0) == terms.patterns[0]
    assert terms.pattern(1) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("nostr-3030-content-doc-invest", ProjectType.INVEST),
        ("nostr-3030-content-doc-subscribe", ProjectType.SUBSCRIBE),
    ],
)
def test_the_documents_examples(name: str, kind: ProjectType) -> None:
    terms = Terms.parse(json.dumps(VECTORS[name]["inputs"]))
    assert terms.project_type is kind
    assert terms.network_name == "Bitcoin"  # the documents' name, which no client writes
    assert not terms.is_on("Main")
    if kind is ProjectType.SUBSCRIBE:
        assert terms.start_date is None


def test_the_documents_shortened_secret_hashes_are_refused() -> None:
    inputs = VECTORS["nostr-3030-content-doc-fund"]["inputs"]
    with pytest.raises(TermsError, match=r"expected 64 hex digits, got 'a1b2c3\.\.\.'") as refused:
        Terms.parse(json.dumps(inputs))
    assert refused.value.reason == "bad secretHashes"
    inputs["projectSeeders"]["secretHashes"] = ["AB" * 32] * 3
    terms = Terms.parse(json.dumps(inputs))
    assert (terms.penalty_threshold_sat, terms.seeder_threshold) == (1_000_000, 3)
    assert terms.secret_hashes == ("ab" * 32,) * 3
    assert [pattern.stage_count for pattern in terms.patterns] == [6, 12]


def test_a_first_version_event_names_less() -> None:
    terms = Terms.parse(
        without("version", "projectType", "networkName", "endDate", "dynamicStagePatterns", "projectSeeders")
    )
    assert (terms.version, terms.project_type, terms.network_name, terms.end_date) == (
        2,
        ProjectType.INVEST,
        None,
        None,
    )
    assert terms.is_on("Main")
    assert terms.is_on("Signet")


def test_foreign_events_of_the_same_kind() -> None:
    inputs = VECTORS["nostr-foreign-kind-3030-content"]["inputs"]
    for content in [inputs["content"], *inputs["others"]]:
        with pytest.raises(TermsError) as refused:
            Terms.parse(content)
        assert refused.value.reason == "not an object"
    [accepted] = inputs["accepted"]  # by the cheap filter; a project it is not
    with pytest.raises(TermsError, match="missing field: founderKey"):
        Terms.parse(accepted)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        # what is not JSON, or not JSON we read
        ("", "not an object"),
        ("{", "not JSON"),
        ("{}}", "not JSON"),
        ("{'a': 1}", "not JSON"),
        ('{"a": "\n"}', "not JSON"),
        ('{"version": 2, "version": 2}', "duplicate key"),
        ('{"projectSeeders": {"threshold": 0, "threshold": 3}}', "duplicate key"),
        ('{"x": NaN}', "not a number"),
        ('{"x": -Infinity}', "not a number"),
        ('{"x": 1e400}', "number out of range"),
        ('{"x": 1e-400}', "number out of range"),
        ('{"x": 1E9999999999999999999}', "number out of range"),  # beyond what a decimal holds
        ('{"x": 1e-9999999999999999999}', "number out of range"),
        ('{"x": ' + "9" * 31 + "}", "number out of range"),
        ('{"x": ' + "9" * 60_000 + "}", "number out of range"),
        ('{"x": 0.' + "1" * 31 + "}", "number out of range"),
        ('{"' + '\\"' * 30_000, "not JSON"),  # slow in a careless reader
        ('{"x": "\\ud800"}', "lone surrogate"),
        ('{"\\udfff": 1}', "lone surrogate"),
        ('{"x": [["\\ud800"]]}', "lone surrogate"),
        ('{"x": "\ud800"}', "lone surrogate"),
        ('{"x": "' + "a" * 65_536 + '"}', "too large"),
        ('{"x": ' + "[" * 8 + "]" * 8 + "}", "too deep"),
        ('{"x": ' + "[" * 30_000 + "]" * 30_000 + "}", "too deep"),
        # fields
        (without("founderKey"), "missing field"),
        (without("expiryDate"), "missing field"),
        (changed(founderKey=None), "missing field"),
        (changed(founderKey="02" + "ff" * 32), "bad founderKey"),
        (changed(founderKey="02"), "bad founderKey"),
        (changed(founderRecoveryKey=7), "bad founderRecoveryKey"),
        (changed(nostrPubKey="g" * 64), "bad nostrPubKey"),
        (changed(projectIdentifier="angor1q"), "bad projectIdentifier"),
        (changed(projectIdentifier="x" * 91), "too long"),
        (changed(networkName=1), "bad networkName"),
        (changed(networkName="x" * 41), "too long"),
        (changed(version=3), "number out of range"),
        (changed(version="2"), "bad version"),
        (changed(version=True), "bad version"),
        (changed(projectType=3), "unknown projectType"),
        (changed(projectType="Invest"), "bad projectType"),
        (changed(targetAmount="50000000"), "bad targetAmount"),
        (changed(targetAmount=-1), "number out of range"),
        (changed(targetAmount=2**63), "number out of range"),
        (changed(targetAmount=0.5), "bad targetAmount"),
        (changed(penaltyThreshold="1"), "bad penaltyThreshold"),
        (changed(penaltyDays=389), "number out of range"),
        (changed(penaltyDays=10.0), "bad penaltyDays"),
        (changed(startDate="2025-02-07T00:00:00Z"), "bad startDate"),
        (changed(startDate="1738886400"), "bad startDate"),
        (changed(expiryDate=-62_135_596_800), "number out of range"),
        (changed(expiryDate=253_402_300_800), "number out of range"),
        (changed(expiryDate=1767225600.0), "bad expiryDate"),
        (changed(stages={}), "bad stages"),
        (changed(stages=[1]), "bad stages"),
        (changed(stages=[{"releaseDate": 1}]), "missing field"),
        (changed(stages=[{"amountToRelease": "25", "releaseDate": 1}]), "bad amountToRelease"),
        (changed(stages=[{"amountToRelease": True, "releaseDate": 1}]), "bad amountToRelease"),
        (changed(stages=[{"amountToRelease": 100.5, "releaseDate": 1}]), "number out of range"),
        (changed(stages=[{"amountToRelease": -1, "releaseDate": 1}]), "number out of range"),
        (changed(stages=[{"amountToRelease": 1, "releaseDate": 1}] * 256), "too long"),
        (changed(projectSeeders=[]), "bad projectSeeders"),
        (changed(projectSeeders={"threshold": 1, "secretHashes": ["00"]}), "bad secretHashes"),
        (changed(projectSeeders={"threshold": 1, "secretHashes": ["00" * 32] * 101}), "too long"),
        (changed(projectSeeders={"threshold": 101}), "number out of range"),
        (changed(dynamicStagePatterns=[{"patternId": 256}]), "number out of range"),
        (changed(dynamicStagePatterns=[{"frequency": 5}]), "unknown frequency"),
        (changed(dynamicStagePatterns=[{"payoutDayType": -1}]), "unknown payoutDayType"),
        (changed(dynamicStagePatterns=[{"payoutDay": 32}]), "number out of range"),
        (changed(dynamicStagePatterns=[{"amount": "5"}]), "bad amount"),
    ],
)
def test_refusals(content: str, reason: str) -> None:
    with pytest.raises(TermsError) as refused:
        Terms.parse(content)
    assert refused.value.reason == reason
    assert len(str(refused.value)) < 300
    str(refused.value).encode("ascii")


def test_the_depth_limit_ignores_brackets_in_texts() -> None:
    content = changed(name='[[[[[[[[[[[["\\{{{')
    assert Terms.parse(content).version == 2


def test_what_is_ignored_and_what_is_kept() -> None:
    content = changed(
        penaltyThreshold=None,
        stages=[{"amountToRelease": 33.33, "releaseDate": 1_751_328_000, "x": [1.5, None, True]}],
        hasPenalty=False,
    )
    terms = Terms.parse(" \r\n\t" + content)
    assert terms.stages == (StageTerms(percent=Decimal("33.33"), release_date=day("2025-07-01")),)
    assert terms.penalty_threshold_sat is None


#: Characters that mean something to JSON, to Unicode or to us.
TEXT = st.text('{}[]":,\\ \n0123456789eE+-.naN\x00\x7fé\u2028\ud800\U0001f600', max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def outcome(content: str) -> str:
    """Return why content was refused; any exception but a refusal fails the test."""
    try:
        return f"version {Terms.parse(content).version}"
    except TermsError as refused:
        return refused.reason


@given(st.dictionaries(st.sampled_from(sorted(json.loads(INVEST))), JSON))
def test_no_field_breaks_the_parser(fields: dict[str, Any]) -> None:
    assert outcome(changed(**fields))


@given(TEXT, st.integers(0, len(INVEST)))
def test_no_text_breaks_the_parser(text: str, cut: int) -> None:
    assert outcome(text)
    assert outcome("{" + text)
    assert outcome(INVEST[:cut] + text + INVEST[cut:])
