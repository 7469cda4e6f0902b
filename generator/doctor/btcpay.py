"""One BTCPay server: reachable, of which version, with which key, stores and apps."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime

from generator.config import BTCPayServer, ProjectConfig
from generator.doctor.btcpay_server import judge_clock, judge_version
from generator.doctor.diagnosis import Diagnosis, Level
from generator.doctor.key_rights import judge_key
from generator.errors import SourceError
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield.refusals import NotAllowed
from generator.sources.btcpay.greenfield.wire import SERVER_INFO, STORE_SETTINGS
from generator.sources.http import Http


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
        if project.btcpay and project.btcpay.source == server.id and project.btcpay.app:
            yield await _app(api, project.btcpay.app, project.slug)


def _unreachable(server: BTCPayServer, error: SourceError) -> Diagnosis:
    return Diagnosis(
        code="btcpay-unreachable",
        level=Level.ERROR,
        source=server.id,
        subject=server.address,
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
    level, fix = Level.WARNING, "Compare app and stores in config.yaml"
    try:
        crowdfund = await api.crowdfund(app)
    except SourceError as error:
        level, observed, fix = Level.ERROR, error.message, "Copy the id from the app's settings"
    else:
        if crowdfund.store_id not in api.server.stores:
            observed = "it belongs to a store that sources.btcpay does not list, so none of its money is read"
        elif crowdfund.archived:
            observed = "archived: nobody can pay to it any more"
        else:
            level, observed, fix = Level.OK, "its settings can be read", ""
    return Diagnosis(
        code="btcpay-app",
        level=level,
        source=api.server.id,
        subject=f"crowdfund of {slug}",
        observed=observed,
        fix=fix,
    )
