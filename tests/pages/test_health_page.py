"""The health page says what is not read, since when, how often it was tried, and what that changes."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from generator import pages
from generator.pages.health_incidents import effects, open_incidents, solved_incidents, status
from generator.report import Report
from generator.text_format import short_addresses
from generator.wording import plain
from tests.support.fair import fair


@pytest.fixture(scope="module")
def words(files: Mapping[str, bytes]) -> str:
    main = files["health/index.html"].decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def test_what_is_open_stands_first_with_what_it_changes(words: str) -> None:
    order = ["Not quite:", "What this changes on the pages.", "Open now", "Sources", "Past incidents"]
    assert sorted(order, key=words.index) == order
    assert "7 of 8 projects are read. Not read yet is not read yet." in words
    assert "since 20 Nov 2025 Stale: BTCPay donate.example.net" in words
    assert "answered 502, expected 200 . Asked 3 times in vain, last on 22 Nov 2025, 06:10 UTC" in words
    assert "The pages keep what it said on 19 Nov 2025, and say so." in words
    assert "5 Oct 2025 \N{EN DASH} 11 Oct 2025 Solved after 7 days: BTCPay pay.example.org" in words
    assert "what came meanwhile was read on 12 Oct 2025" in words


def test_a_long_address_of_a_refusal_is_cut_before_its_question(content: pages.Content) -> None:
    it = fair()
    address = "https://donate.example.net/btcpay/api-keys/authorize"
    it.refusal = (
        f"refused the key; create one at {address}?permissions=btcpay.store.canviewinvoices&strict=true"
    )
    page = dict(pages.render(it.report(), content))["health/index.html"].decode()
    assert f"create one at {address}?…</q>. Asked 3 times" in page
    assert "canviewinvoices" not in page
    assert short_addresses("see https://a.example/?id=7 and https://b.example/x") == (
        "see https://a.example/?id=7 and https://b.example/x"
    )


def test_incidents_follow_from_the_run_records(report: Report) -> None:
    found = open_incidents(report)
    assert [incident.since for incident in found] == sorted(incident.since for incident in found)
    assert {incident.subject for incident in found} == {
        health.state.label for health in report.health if health.state.stale
    }
    days = {(incident.since, incident.until) for incident in solved_incidents(report)}
    assert days == {(date(2025, 10, 5), date(2025, 10, 11))}


def test_where_all_is_read_nothing_is_said_to_change() -> None:
    report = fair(whole=True).report()
    report = replace(report, health=tuple(each for each in report.health if not each.state.stale))
    assert plain(status(report)) == "Everything is read."
    assert effects(report) == []
    assert open_incidents(report) == []
