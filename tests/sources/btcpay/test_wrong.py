"""Wrong answers to every question: each is a sentence with server, subject, what came and what to do."""

import json
import logging
import re
from collections.abc import Callable
from itertools import cycle

import httpx
import pytest

from generator.errors import Invalid, SourceError, Unavailable
from generator.ledger import Entry, Kind
from generator.places import store_source
from generator.sandbox.btcpay import Deeds, Town, Version, build_town
from generator.snapshot import Finding, Known, Project, Record
from generator.sources.btcpay.source import BTCPay
from generator.sources.http import AnswerBeyondBounds
from tests.support.limits import ONCE
from tests.support.openapi import filled, schemas
from tests.support.proving import drawn, in_full
from tests.support.town import NOW, collect, logged, read, told

pytestmark = pytest.mark.anyio
Answer = Callable[[httpx.Response], httpx.Response]

#: part of a path → (how its subject is called, what belongs there)
ROUTES = {
    "/invoices": ("invoices of store {store}", "array"),
    "/payment-methods": ("payment methods of an invoice of store {store}", "array"),
    "/apps/crowdfund/": ("crowdfund {app}", "object"),
    "/pull-payments": ("pull payments of store {store}", "array"),
    "/payouts": ("payouts of store {store}", "array"),
}


def body(text: str, status: int = 200, **headers: str) -> Answer:
    return lambda _: httpx.Response(status, text=text, headers=headers)


#: A failure of these leaves everything else as it is, and is said by a finding.
APART = {
    "/pull-payments": "refunds-read",
    "/payouts": "refunds-read",
    "/apps/crowdfund/": "settings-read",
}
#: name → (answer, who must act, what the sentence says)
WRONG: dict[str, tuple[Answer, type[SourceError], str]] = {
    "a page": (
        body("<html><body>Log in</body></html>", **{"Content-Type": "text/html"}),
        Invalid,
        "answered 200 with a web page; expected JSON: check the address, and that no login page or proxy",
    ),
    "a page called JSON": (body("  <!doctype html>"), Invalid, "answered 200 with a web page"),
    "nothing": (body(""), Invalid, "answered 200 with nothing; expected JSON"),
    "half": (
        lambda good: httpx.Response(200, text=good.text[: len(good.text) // 2]),
        Invalid,
        "sent JSON that is damaged or cut off",
    ),
    "text": (body('"hush"'), Invalid, "sent JSON of another shape"),
    "null": (body("null"), Invalid, "sent JSON of another shape"),
    "a number": (body("1e999999"), Invalid, "sent JSON"),
    "deep": (body("[" * 100_000), Invalid, "sent JSON"),
    "nested": (body("[" * 900 + "]" * 900), Invalid, "sent JSON of another shape"),
    "not UTF-8": (
        lambda _: httpx.Response(200, content=b'[{"id": "\xff", "paymentMethodId": "\xff"}]'),
        Invalid,
        "sent JSON",
    ),
    "bad gzip": (
        lambda _: httpx.Response(200, content=b"no gzip", headers={"Content-Encoding": "gzip"}),
        AnswerBeyondBounds,
        "sent a body that cannot be decompressed",
    ),
    "moved": (
        body("", 301, Location="https://elsewhere.example/hush"),
        Invalid,
        "redirects to https://elsewhere.example; redirects are not followed: put the final address in the",
    ),
    "busy": (body("slow down", 429), Unavailable, "answered 429; the next run asks again"),
    "busy for hours": (
        body("", 503, **{"Retry-After": "7200"}),
        Unavailable,
        "answered 503 and asks to wait 7200 s, longer than this run waits; the next run asks again",
    ),
    "broken": (body("", 500), Unavailable, "answered 500; the next run asks again"),
    "no route": (body("", 404), Invalid, "shows no Greenfield API here: check the url and its path prefix"),
    "not allowed": (body("", 405), Invalid, "shows no Greenfield API here"),
    "a 1.x route": (
        body('{"code":"unsupported-in-v2","message":"hush"}', 410),
        Invalid,
        "answered 410 unsupported-in-v2; the server no longer has this route; look for a newer Sunlit",
    ),
    "unknown key": (
        body('{"code":"unauthenticated","message":"hush"}', 401),
        Unavailable,
        "does not accept the API key in BTCPAY_TOKEN (401): unknown, revoked, or its user is disabled",
    ),
    "bad question": (
        body('[{"path":"startDate","message":"hush"}]', 422),
        Invalid,
        "refused startDate (422); is the server newer than Sunlit?",
    ),
}


class Bent(httpx.AsyncBaseTransport):
    """The sandbox's handler, but one route answers otherwise."""

    def __init__(self, town: Town, version: Version, path: str, answer: Answer) -> None:
        self.inner = httpx.ASGITransport(app=town.server(version=version).application())
        self.path, self.answer = path, answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        good = await self.inner.handle_async_request(request)
        path = request.url.path
        ours = path.endswith(self.path) if self.path != "/apps/crowdfund/" else self.path in path
        if not ours:
            return good
        await good.aread()
        bent = self.answer(good)
        bent.request = request
        return bent


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(31, invoices=24, now=int(NOW.timestamp()), deeds=Deeds())


async def bent(
    town: Town,
    path: str,
    answer: Answer,
    *,
    version: Version | None = None,
    known: Known | None = None,
    page: int | None = None,
) -> tuple[list[Record], BTCPay]:
    older = Version.SINGLE if path == "/payment-methods" else Version.CURRENT
    transport = Bent(town, version or older, path, answer)
    return await collect(town, town.server(), limits=ONCE, transport=transport, known=known, page=page)


async def refusal(town: Town, path: str, answer: Answer) -> SourceError | str:
    """Return what a source raises, or what it says of a part, which stops nothing else."""
    if path not in APART:
        with pytest.raises(SourceError) as caught:
            await bent(town, path, answer)
        return caught.value
    records, _ = await bent(town, path, answer)
    assert any(isinstance(record, Entry) and record.kind is Kind.PAYMENT for record in records)
    return next(r.reason for r in records if isinstance(r, Finding) and r.check == APART[path])


@pytest.mark.parametrize("path", ROUTES)
async def test_each_wrong_answer_is_told_in_a_sentence(
    town: Town, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    subject, _ = ROUTES[path]
    named = {subject.format(store=store, app="") for store in town.stores}
    named |= {subject.format(app=campaign.app.id, store="") for campaign in town.campaigns if campaign.app}
    for name, (answer, kind, says) in WRONG.items():
        with caplog.at_level(logging.DEBUG):
            error = await refusal(town, path, answer)
        text = str(error)
        if isinstance(error, SourceError):
            assert isinstance(error, kind) or kind is Unavailable, name
            assert text.startswith(tuple(map(store_source, town.stores)))
        assert any(f"{subject}: 127.0.0.1" in text for subject in named), (name, text)
        assert says in text, name
        assert "hush" not in text + caplog.text, name


@pytest.mark.parametrize("path", ROUTES)
async def test_an_object_where_a_list_belongs_and_a_list_where_an_object_does(town: Town, path: str) -> None:
    belongs = ROUTES[path][1]
    other = str(await refusal(town, path, body("{}" if belongs == "array" else "[]")))
    assert f"sent JSON of another shape (Expected `{belongs}`, got" in other
    inner = str(await refusal(town, path, body("[[]]" if belongs == "array" else '{"id": []}')))
    assert "sent JSON of another shape" in inner


@pytest.mark.slow
@pytest.mark.proof
async def test_no_text_of_any_schema_reaches_a_message(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    every, said = schemas(), list[str]()
    cases = list(zip(every, cycle(ROUTES), cycle(range(400, 430)), strict=False))
    by_path = {path: [case for case in cases if case[1] == path] for path in ROUTES}
    chosen = [case for path, found in by_path.items() for case in drawn(found, in_full(5, len(found)), path)]
    token = re.compile(r"canary[0-9]{5}z")

    def say(field: str) -> str:
        said.append(field)
        return f"canary{len(said):05}z"

    messages = []
    with caplog.at_level(logging.DEBUG):
        for name, path, refused in chosen:
            document = filled(every, name, say)
            for status, answer in ((200, [document]), (refused, document)):
                try:
                    # a list that never ends is asked for as often as a page has rows
                    records, _ = await bent(town, path, body(json.dumps(answer), status), page=25)
                except SourceError as error:
                    messages.append(str(error))
                else:
                    messages += {r.reason for r in records if isinstance(r, Finding) and path in APART}
    assert len(messages) > 1.5 * len(chosen)
    assert [found for text in (*messages, caplog.text) for found in token.findall(text)] == []
    print(f"{len(messages)} messages for answers with {len(said)} tokens name none of them")


def changed(change: Callable[[list[dict[str, object]]], object]) -> Answer:
    def answer(good: httpx.Response) -> httpx.Response:
        rows = good.json()
        return httpx.Response(200, json=change(rows) or rows)

    return answer


async def test_invoices_of_another_time_or_order_are_refused(town: Town) -> None:
    for change, says in (
        (lambda rows: rows[::-1], "invoices in another order than newest first"),
        (lambda rows: [row | {"createdTime": 4_000_000_000} for row in rows], "invoices of another time"),
    ):
        with pytest.raises(Invalid, match=f"sent {says}.*; does a proxy or plugin change what is asked"):
            await bent(town, "/invoices", changed(change))


async def test_a_doubled_invoice_counts_once_and_is_counted() -> None:
    deeds = Deeds()
    town = build_town(32, invoices=96, now=int(NOW.timestamp()), deeds=deeds)

    def twice(rows: list[dict[str, object]]) -> object:
        return [row for row in rows for _ in range(2)]

    records, source = await bent(town, "/invoices", changed(twice))
    assert read(records, source.owners) == told(deeds)
    assert source.counts["doubled_invoices"] >= 96


async def test_what_is_not_understood_is_listed_counted_and_never_summed_and_nothing_recorded_is_lost() -> (
    None
):
    deeds = Deeds()
    town = build_town(33, invoices=96, now=int(NOW.timestamp()), deeds=deeds)
    first, source = await bent(town, "/none", body(""))
    known = logged(Known(), first, source, NOW)

    def strange(rows: list[dict[str, object]]) -> None:
        for row in rows:
            row["status"] = "Sublimated"

    records, source = await bent(town, "/invoices", changed(strange), known=known)
    money = [entry for entry in records if isinstance(entry, Entry) and entry.kind == "payment"]
    assert {(entry.status, entry.reason) for entry in money} == {("excluded", "unknown status")}
    assert source.counts["unknown_status_payments"] == sum(entry.count for entry in money) > 20
    after = logged(known, records, source, NOW)
    assert len(after.history) > 20, "what was known before is a line of the log for ever"
    assert not [
        record for record in records if isinstance(record, Finding) and record.check == "refunds-read"
    ]
    assert {source.owners.slug(record.id) for record in records if isinstance(record, Project)} == {
        "",
        *(c.slug for c in town.campaigns),
    }


@pytest.mark.parametrize("hours", [-30, 30])
async def test_a_server_whose_clock_is_wrong_loses_nothing(hours: int) -> None:
    deeds = Deeds()
    now = int(NOW.timestamp())
    town = build_town(34, invoices=96, now=now + 3600 * hours, deeds=deeds)
    records, source = await collect(
        town, town.server(), transport=httpx.ASGITransport(app=town.server().application())
    )
    known = logged(Known(), records, source, NOW)
    later = NOW.replace(day=NOW.day + 2)
    second, source = await collect(
        town,
        town.server(),
        transport=httpx.ASGITransport(app=town.server().application()),
        known=known,
        at=later,
    )
    assert read(logged(known, second, source, later).of(Entry), source.owners) == told(deeds)
