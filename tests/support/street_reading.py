"""A street of the sandbox, bound, read, and named as the log names it."""

from datetime import datetime

import httpx

from generator.config import ProjectConfig
from generator.places import btcpay_place, part_of_store
from generator.sandbox.btcpay import Town
from generator.snapshot import Known, Record
from tests.support.town import NOW, Stores, bound, collect


def bind(town: Town, *kinds: str, old_till: bool = False) -> list[ProjectConfig]:
    """Bind campaigns of some kinds."""
    found = []
    for campaign in town.campaigns:
        if campaign.kind in kinds:
            more = {"old_till": True} if old_till and campaign.kind == "pos" else {}
            found.append(bound(campaign.slug, **dict([campaign.binding]), **more))
    return found


async def read(
    town: Town,
    projects: list[ProjectConfig],
    *,
    known: Known | None = None,
    at: datetime = NOW,
    full: bool = False,
) -> tuple[list[Record], Stores]:
    """Read every store once, without a socket."""
    server = town.server()
    transport = httpx.ASGITransport(app=server.application())
    return await collect(town, server, transport=transport, report=projects, known=known, at=at, full=full)


def place(store: str, name: str) -> str:
    """Return the log's word for the truth's."""
    kind, _, private_id = name.partition(":")
    return btcpay_place(store, part_of_store(kind, private_id))
