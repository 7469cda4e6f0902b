"""One BTCPay server: reachable, of which version, with which key, stores and apps."""

import re
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from generator.config import BTCPayServer, ProjectConfig
from generator.doctor.diagnosis import Diagnosis, Level
from generator.doctor.key_rights import judge_key
from generator.errors import Invalid, SourceError, Unavailable
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield.refusals import AppNotFound, NotAllowed
from generator.sources.btcpay.greenfield.wire import SERVER_INFO, STORE_SETTINGS
from generator.sources.btcpay.terms import term_of
from generator.sources.http import Http

#: The first version whose list of invoices holds their payments.
BULK: Final = (2, 3, 6)
#: The version that mends what the advisory of August 2026 is about.
SAFE: Final = (2, 4, 2)
SKEW: Final = timedelta(minutes=2)
_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_UNTOLD: Final = "the server does not tell whether there is such an app (2.0.5 and later do)"
_ELSEWHERE: Final = "it belongs to a store that sources.btcpay does not list, so none of its money is read"
_COPY: Final = "Copy the id from the app's settings"
_COMPARE: Final = "Compare the id with the one in the app's settings"
_COMPARE_STORES: Final = "Compare app and stores in config.yaml"
_ADVISORY: Final = "versions before have a published security advisory"


def judge_version(source: str, text: str) -> Diagnosis:
    """Hold a server's version against `SAFE` and `BULK`; one that cannot be read is a warning."""
    parts = _VERSION.match(text)
    version = tuple(map(int, parts.groups())) if parts else ()
    told, safe = ".".join(map(str, version)), ".".join(map(str, SAFE))
    if version >= SAFE:
        return Diagnosis(
            code="btcpay-version", level=Level.OK, source=source, subject="version", observed=told
        )
    if version:
        slow = "; it lists invoices without payments, so each paid invoice is asked for"
        observed = f"{told}, before the mended {safe}{slow if version < BULK else ''}"
        fix = f"Update the server: {_ADVISORY}"
    else:
        observed = "not told in a form that Sunlit knows"
        fix = f"Look at the foot of the server's pages: {_ADVISORY}"
    return Diagnosis(
        code="btcpay-version",
        level=Level.WARNING,
        source=source,
        subject="version",
        observed=observed,
        expected=f"{safe} or later",
        fix=fix,
    )


def judge_clock(source: str, date: str, at: datetime) -> Diagnosis:
    """Hold the ``Date`` header of an answer against our clock, `at`; at most `SKEW` apart."""
    away = _apart(date, at)
    level, expected, fix = Level.WARNING, f"at most {int(SKEW.total_seconds())}", ""
    if away is None:
        observed, expected = "not known: the answer has no date that can be read", "a Date header"
        fix = "Let the proxy before the server pass the header on, or compare the clocks by hand"
    else:
        observed = f"{int(away.total_seconds())} seconds from this machine's"
        if away > SKEW:
            fix = "Set the clock that is wrong: days of payments and time locks follow it"
        else:
            level, expected = Level.OK, ""
    return Diagnosis(
        code="btcpay-clock",
        level=level,
        source=source,
        subject="clock",
        observed=observed,
        expected=expected,
        fix=fix,
    )


def _apart(date: str, at: datetime) -> timedelta | None:
    try:
        return abs(parsedate_to_datetime(date).astimezone(UTC) - at)
    except (TypeError, ValueError, OverflowError):
        return None


async def examine_btcpay(
    server: BTCPayServer, projects: Iterable[ProjectConfig], http: Http, *, at: datetime
) -> AsyncIterator[Diagnosis]:
    """Yield what is found about a server; `http` carries its key, `at` is our clock."""
    api = Greenfield(server, http)
    try:
        answer = await api.get("/server/info", "server version")
        yield judge_version(server.id, answer.decode(SERVER_INFO).version)
        yield judge_clock(server.id, answer.date, at)
        permissions = await api.permissions()
    except SourceError as error:
        yield _unreachable(server, error)
        return
    for found in judge_key(server, permissions):
        yield found
    for store in server.stores:
        yield await _store(api, store)
    for project in projects:
        for binding in project.bindings:
            if binding.source == server.id and binding.app:
                yield await _app(api, binding.app, project.slug)
            if binding.source == server.id and binding.pos:
                yield await _till(api, binding.pos, project.slug)
            if binding.source == server.id and (name := binding.payment_request):
                yield await _request(api, name, term_of(binding.kind, name), project.slug)


def _unreachable(server: BTCPayServer, error: SourceError) -> Diagnosis:
    return Diagnosis(
        code="btcpay-unreachable",
        level=Level.ERROR,
        source=server.id,
        subject=server.url,
        observed=error.message,
        fix="Mend this and run sunlit doctor again: nothing else about this server could be looked at",
    )


async def _store(api: Greenfield, store: str) -> Diagnosis:
    try:
        await api.get(f"/stores/{store}/invoices?take=1", f"invoices of store {store}")
        archived = await _is_archived(api, store)
    except SourceError as error:
        level, observed = Level.ERROR, error.message
        fix = "Compare the id with the one in the store's settings"
    else:
        level = Level.WARNING if archived else Level.OK
        forgotten = "archived: it is read like any other, and its owner may have forgotten it"
        observed = forgotten if archived else "its invoices can be read"
        fix = "Take it out of sources.btcpay when its money is no part of the report" if archived else ""
    return Diagnosis(
        code="btcpay-store",
        level=level,
        source=api.server.id,
        subject=f"store {store}",
        observed=observed,
        fix=fix,
    )


async def _is_archived(api: Greenfield, store: str) -> bool:
    try:
        answer = await api.get(f"/stores/{store}", f"settings of store {store}")
    except NotAllowed:
        return False  # the smallest key cannot know
    return answer.decode(STORE_SETTINGS).archived


async def _app(api: Greenfield, app: str, slug: str) -> Diagnosis:
    level, fix = Level.WARNING, _COMPARE_STORES
    try:
        crowdfund = await api.crowdfund(app)
    except SourceError as error:
        level, observed, fix = Level.ERROR, error.message, _COPY
    else:
        if crowdfund.store_id not in api.server.stores:
            observed = _ELSEWHERE
        elif crowdfund.archived:
            observed = "archived: nobody can pay to it any more"
        else:
            level, observed, fix = Level.OK, "its settings can be read", ""
    return _of_app(api, f"crowdfund of {slug}", level, observed, fix)


async def _till(api: Greenfield, till: str, slug: str) -> Diagnosis:
    level, observed, fix = Level.WARNING, _UNTOLD, _COMPARE
    try:
        found = await api.point_of_sale(till)
    except (AppNotFound, Unavailable) as error:
        if not isinstance(error, NotAllowed):
            level, observed, fix = Level.ERROR, error.message, _COPY
    except Invalid:
        pass  # nor has every server the question
    else:
        if found.store_id in api.server.stores:
            level, observed, fix = Level.OK, "the server knows it", ""
        else:
            observed, fix = _ELSEWHERE, _COMPARE_STORES
    return _of_app(api, f"point of sale of {slug}", level, observed, fix)


async def _request(api: Greenfield, request: str, term: str, slug: str) -> Diagnosis:
    level, observed, fix = Level.OK, "the server knows it", ""
    try:
        await api.find_request(request, term)
    except NotAllowed as error:
        level, observed, fix = Level.WARNING, error.message, "Let the key read payment requests"
    except (AppNotFound, Unavailable) as error:
        level, observed, fix = Level.ERROR, error.message, "Copy the id from the request's address"
    except Invalid:
        level, observed, fix = Level.WARNING, "the server does not tell whether there is one", _COMPARE
    return _of_app(api, f"payment request of {slug}", level, observed, fix)


def _of_app(api: Greenfield, subject: str, level: Level, observed: str, fix: str) -> Diagnosis:
    return Diagnosis(
        code="btcpay-app", level=level, source=api.server.id, subject=subject, observed=observed, fix=fix
    )
