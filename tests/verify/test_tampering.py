"""At least 25 tamperings of a published site, each by a fool (the file alone) and by a forger."""

from html import unescape

import pytest

from generator.pages.verify_limits import LIMITS
from generator.protocol.proof.header_rules import rules_of
from generator.snapshot import HeaderRecord, Project, fold
from generator.verify.evidence_check import header_problems
from generator.verify.files_check import check_manifest
from generator.verify.published_site import Installation
from generator.verify.rederive import check_proof
from generator.verify.site_copy import SiteCopy
from generator.verify.steps import verify
from tests.support.page_text import without_terms
from tests.verify.forger import first, lines_of
from tests.verify.forgery_table import LIMIT, TABLE, rows
from tests.verify.original import Original
from tests.verify.tamperings import CASES, Case, of, setting


@pytest.mark.proof(3)
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_tampering(case: Case, original: Original, installation: Installation) -> None:
    alone = SiteCopy(subject="site", files=case.how.alone(original.copy), listed=True)
    red = [check.name for check in check_manifest(alone) if check.result == "failed"]
    if not red:  # the manifest itself was touched
        red = list(verify(alone, installation).failed)
    assert red, "the file alone went undetected"
    forged = SiteCopy(subject="site", files=case.how.forged(original.copy, original.config), listed=True)
    outcome = verify(forged, installation)
    told = ", ".join(outcome.failed) or f"undetectable: {case.limit}"
    print(f"{case.name:<45} (a) {', '.join(red):<20} (b) {told}")
    if case.limit:
        assert outcome.failed == ()
        assert case.limit in LIMITS
    else:
        assert case.finds in outcome.failed


def test_there_are_enough_and_the_page_lists_what_goes_undetected(original: Original) -> None:
    assert sum(bool(case.finds) for case in CASES) >= 25
    assert len({case.name for case in CASES}) == len(CASES)
    undetected = {case.limit for case in CASES if case.limit} | {"test-chain"}  # tested below
    told = [name for ways in rows(TABLE.read_text()).values() for name in ways.values()]
    undetected |= {name.removeprefix(LIMIT) for name in told if name.startswith(LIMIT)}
    undetected |= {"another-face"}  # test_fresh_eye.py
    assert undetected == set(LIMITS)
    page = unescape(without_terms(original.copy.files["verify/index.html"].decode()))
    for text in LIMITS.values():
        assert text.text in page


@pytest.mark.slow
def test_what_was_taken_back_and_another_version_are_told(
    original: Original, installation: Installation
) -> None:
    for name, check in (
        ("an investment is taken back", "rows-withdrawn"),
        ("another maker is named, with other words", "same-bytes"),
    ):
        [case] = [case for case in CASES if case.name == name]
        forged = SiteCopy(subject="site", files=case.how.forged(original.copy, original.config), listed=True)
        found = {check.name: check for check in verify(forged, installation).checks}
        assert found[check].result == "not checked"
        assert found[check].reason
        assert found[check].wanted is (check == "same-bytes"), "bytes that nobody compared are no success"


@pytest.mark.parametrize("field", ["address", "network"])
def test_where_money_goes_follows_from_identifier_and_configuration(field: str, original: Original) -> None:
    """Our code makes no site from a log of another network; whoever makes one otherwise is told."""
    forged = first(of(Project, source="angor"), setting(**{field: "signet"}))(lines_of(original.copy))
    known = fold(forged)
    found = {check.name: check for check in check_proof(known, original.config, known.runs[-1])}
    terms = found["terms"]
    assert terms.result == "failed"
    [problem] = terms.problems
    true = {"address": "bcrt1q", "network": "regtest"}[field]
    assert f"{field} is 'signet', evidence says '{true}" in problem


def test_main_wants_work_that_a_test_chain_lacks(original: Original) -> None:
    """Every header of the test chain is genuine there, and worth nothing on the main network."""
    headers = [line.record for line in lines_of(original.copy) if isinstance(line.record, HeaderRecord)]
    assert len(headers) > 20
    assert not any(problem for header in headers for problem in header_problems(header, rules_of("regtest")))
    for header in headers:
        [problem] = header_problems(header, rules_of("main"))
        assert "has difficulty 0, expected 10000000000000 or more" in problem
