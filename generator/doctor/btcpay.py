"""One BTCPay server: reachable, of which version, with which key, stores and apps."""

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from generator.config import BTCPayServer, ProjectConfig
from generator.doctor.diagnosis import Diagnosis, Level
from generator.doctor.key_rights import judge_key
from generator.errors import SourceError
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield.refusals import VIEW_INVOICES, NotAllowed, refusal
from generator.sources.http import Http, HttpAnswer

#: The first version whose list of invoices holds their payments.
BULK: Final = (2, 3, 6)
#: The version that mends what the advisory of August 2026 is about.
SAFE: Final = (2, 4, 2)
SKEW: Final = timedelta(minutes=2)
_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)")


class _Server(msgspec.Struct, frozen=True):
    version: str = ""


class _Store(msgspec.Struct, frozen=True):
    archived: bool = False


class _App(msgspec.Struct, frozen=True, rename="camel"):
    store_id: str = ""
    archived: bool = False


_SERVER: Final = msgspec.json.Decoder(_Server)
_STORE: Final = msgspec.json.Decoder(_Store)
_APP: Final = msgspec.json.Decoder(_App)
_REFUSED: Final = (400, 401, 403, 404, 405, 410, 422)


async def examine_btcpay(
    server: BTCPayServer, projects: Iterable[ProjectConfig], http: Http, *, at: datetime
) -> AsyncIterator[Diagnosis]:
    """Yield what is found about a server; `http` carries its key, `at` is our clock."""
    try:
        answer = await _asked(server, http, "/server/info", "server version")
        version = answer.decode(_SERVER).version
    except SourceError as error:
        yield _unreachable(server, error)
        return
    yield _version(server, version)
    yield _clock(server, answer, at)
    try:
        permissions = await Greenfield(server, http).permissions()
    except SourceError as error:
        yield _unreachable(server, error)
        return
    for found in judge_key(server, permissions):
        yield found
    for store in server.stores:
        yield await _store(server, http, store)
    for project in projects:
        if project.btcpay and project.btcpay.source == server.id and project.btcpay.app:
            yield await _app(server, http, project.btcpay.app, project.slug)


async def _asked(server: BTCPayServer, http: Http, path: str, subject: str) -> HttpAnswer:
    answer = await http.get(f"/api/v1{path}", subject=subject, accept=_REFUSED)
    if answer.status in _REFUSED:
        raise refusal(answer, server, VIEW_INVOICES)
    return answer


def _unreachable(server: BTCPayServer, error: SourceError) -> Diagnosis:
    return Diagnosis(
        code="btcpay-unreachable",
        level=Level.ERROR,
        source=server.id,
        subject=server.address,
        observed=error.message,
        fix="Mend this and run sunlit doctor again: nothing else about this server could be looked at",
    )


def _version(server: BTCPayServer, text: str) -> Diagnosis:
    parts = _VERSION.match(text)
    if parts is None:
        return Diagnosis(
            code="btcpay-version",
            level=Level.WARNING,
            source=server.id,
            subject="version",
            observed="not told in a form that Sunlit knows",
            expected=f"{'.'.join(map(str, SAFE))} or later",
            fix="Look at the foot of the server's pages: versions before have a published security advisory",
        )
    version = tuple(map(int, parts.groups()))
    known = ".".join(map(str, version))
    if version >= SAFE:
        return Diagnosis(
            code="btcpay-version", level=Level.OK, source=server.id, subject="version", observed=known
        )
    slow = "; it lists invoices without payments, so each paid invoice is asked for" if version < BULK else ""
    return Diagnosis(
        code="btcpay-version",
        level=Level.WARNING,
        source=server.id,
        subject="version",
        observed=f"{known}, before the mended {'.'.join(map(str, SAFE))}{slow}",
        expected=f"{'.'.join(map(str, SAFE))} or later",
        fix="Update the server: versions before have a published security advisory",
    )


def _clock(server: BTCPayServer, answer: HttpAnswer, at: datetime) -> Diagnosis:
    try:
        theirs = parsedate_to_datetime(answer.date).astimezone(UTC)
    except (TypeError, ValueError):
        return Diagnosis(
            code="btcpay-clock",
            level=Level.WARNING,
            source=server.id,
            subject="clock",
            observed="not known: the answer has no date that can be read",
            expected="a Date header",
            fix="Let the proxy before the server pass the header on, or compare the clocks by hand",
        )
    away = abs(theirs - at)
    wrong = away > SKEW
    return Diagnosis(
        code="btcpay-clock",
        level=Level.WARNING if wrong else Level.OK,
        source=server.id,
        subject="clock",
        observed=f"{int(away.total_seconds())} seconds from this machine's",
        expected=f"at most {int(SKEW.total_seconds())}" if wrong else "",
        fix="Set the clock that is wrong: days of payments and time locks follow it" if wrong else "",
    )


async def _store(server: BTCPayServer, http: Http, store: str) -> Diagnosis:
    try:
        await _asked(server, http, f"/stores/{store}/invoices?take=1", f"invoices of store {store}")
        archived = await _archived(server, http, store)
    except SourceError as error:
        return Diagnosis(
            code="btcpay-store",
            level=Level.ERROR,
            source=server.id,
            subject=f"store {store}",
            observed=error.message,
            fix="Compare the id with the one in the store's settings",
        )
    return Diagnosis(
        code="btcpay-store",
        level=Level.WARNING if archived else Level.OK,
        source=server.id,
        subject=f"store {store}",
        observed="archived: it is read like any other, and its owner may have forgotten it"
        if archived
        else "its invoices can be read",
        fix="Take it out of sources.btcpay when its money is no part of the report" if archived else "",
    )


async def _archived(server: BTCPayServer, http: Http, store: str) -> bool:
    try:
        answer = await _asked(server, http, f"/stores/{store}", f"settings of store {store}")
    except NotAllowed:
        return False  # the smallest key cannot know
    return answer.decode(_STORE).archived


async def _app(server: BTCPayServer, http: Http, app: str, slug: str) -> Diagnosis:
    api = Greenfield(server, http)
    try:
        await api.crowdfund(app)
        answer = await _asked(server, http, f"/apps/crowdfund/{app}", f"crowdfund {app}")
    except SourceError as error:
        return Diagnosis(
            code="btcpay-app",
            level=Level.ERROR,
            source=server.id,
            subject=f"crowdfund of {slug}",
            observed=error.message,
            fix="Copy the id from the app's settings",
        )
    found = answer.decode(_APP)
    problem = next(_app_problems(server, found), "")
    return Diagnosis(
        code="btcpay-app",
        level=Level.WARNING if problem else Level.OK,
        source=server.id,
        subject=f"crowdfund of {slug}",
        observed=problem or "its settings can be read",
        fix="Compare app and stores in config.yaml" if problem else "",
    )


def _app_problems(server: BTCPayServer, app: _App) -> Iterator[str]:
    if app.store_id not in server.stores:
        yield "it belongs to a store that sources.btcpay does not list, so none of its money is read"
    if app.archived:
        yield "archived: nobody can pay to it any more"
