"""Pictures of projects, fetched once from where their founders say, and kept small in the log.

Addresses came as data: they are reached on the public internet or not at all, without redirects. A picture
that could not be taken is asked for again in the next run; one that was taken stays until its address
changes, or everything is read again.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE
from base64 import b64encode
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx
import msgspec

from generator.config import Config
from generator.report.place_owners import PlaceOwners
from generator.snapshot import Known, Project, ProjectPicture, Record, news, with_records
from generator.snapshot.batch import Batch, latest_by_key
from generator.sources.clients import AGENT, trust
from generator.sources.hosts import Hosts, MappedTransport
from generator.sources.http.bounded_body import ACCEPT_CODING, WrongCoding, read_body
from generator.sources.http.retrying import AnswerTooLarge
from generator.sources.http.way_out import proxy_of
from generator.sources.picture_maker import REFUSED
from generator.sources.public_internet import NOT_PUBLIC, PublicTransport
from generator.text_format import shortened
from generator.webp import size_of

#: Bytes of what is fetched, seconds that one picture may take, and pictures fetched at once.
MOST_FETCHED: Final = 8 * 2**20
PATIENCE_S: Final = 20.0
AT_ONCE: Final = 4
#: Pictures fetched in one run, and its seconds for all of them; the next goes on.
MOST_PICTURES: Final = 100
ALL_S: Final = 60.0
_OK: Final = 200
_WEB: Final = ("http", "https")
_REASON: Final = 200  #: letters of a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureReader:
    """Fetches pictures; `hosts` are names of a sandbox, which lead to this machine."""

    hosts: Hosts
    client: httpx.AsyncClient
    own: httpx.AsyncClient  #: for the names in `hosts` alone

    async def read(self, place: Project) -> ProjectPicture:
        """Return what stands at the address of a place's picture, or why it cannot be taken."""
        webp, reason = "", ""
        try:
            async with asyncio.timeout(PATIENCE_S):
                webp = b64encode(await _made_small(await self._fetched(place.picture))).decode()
        except TimeoutError:
            reason = f"it did not come within {PATIENCE_S:.0f} seconds"
        except ValueError as error:
            reason = shortened(str(error), _REASON)
        except Exception as error:  # noqa: BLE001 -- a picture never ends a run
            reason = f"it could not be taken ({type(error).__name__})"
        return ProjectPicture(
            id=place.id,
            source=place.source,
            address=place.picture,
            webp=webp,
            reason=reason,
            evidence=place.evidence,
        )

    async def _fetched(self, address: str) -> bytes:
        """Return the bytes at an address; raise `ValueError` with a phrase where there are none to take."""
        if why := _odd(address):
            raise ValueError(why)
        client = self.own if urlsplit(address).hostname in self.hosts else self.client
        try:
            async with client.stream("GET", address, headers=dict(ACCEPT_CODING)) as answer:
                if answer.status_code != _OK:
                    msg = f"its server answers {answer.status_code}"
                    raise ValueError(msg)
                return await read_body(answer, MOST_FETCHED)
        except AnswerTooLarge as error:
            msg = f"it is larger than {MOST_FETCHED} bytes"
            raise ValueError(msg) from error
        except (httpx.HTTPError, httpx.InvalidURL, WrongCoding, OSError) as error:
            why = NOT_PUBLIC if NOT_PUBLIC in str(error) else type(error).__name__
            msg = f"its server cannot be read ({why})"
            raise ValueError(msg) from error


async def with_pictures(batch: Batch, known: Known, config: Config, *, hosts: Hosts, full: bool) -> Batch:
    """Return a batch with the pictures of its projects that are not known yet."""
    places = wanted(with_records(known, batch.records), config, full=full)
    found = await _read(places[:MOST_PICTURES], hosts)
    return msgspec.structs.replace(batch, records=latest_by_key([*batch.records, *news(known, found)]))


def wanted(known: Known, config: Config, *, full: bool) -> list[Project]:
    """Return the places whose picture is to be fetched, of projects that have extras, by their ids."""
    slug_of = PlaceOwners.of(config).slug
    listed = {project.slug for project in config.projects}
    every = config.publish.extras == "all"
    return [
        place
        for place in sorted(known.of(Project), key=lambda record: record.key)
        if place.picture and (every or slug_of(place.id) in listed) and (full or not _has(known, place))
    ]


def _has(known: Known, place: Project) -> bool:
    found = known.records.get(("picture", place.source, place.id))
    return isinstance(found, ProjectPicture) and bool(found.webp) and found.address == place.picture


async def _read(places: Sequence[Project], hosts: Hosts) -> Iterable[Record]:
    if not places:
        return ()
    turns = asyncio.Semaphore(AT_ONCE)
    headers = {"User-Agent": AGENT}
    guard = PublicTransport(httpx.AsyncHTTPTransport(verify=trust()))
    own = MappedTransport(httpx.AsyncHTTPTransport(verify=trust()), hosts)
    async with (
        httpx.AsyncClient(transport=guard, headers=headers) as client,
        httpx.AsyncClient(transport=own, headers=headers) as mapped,
    ):
        reader = PictureReader(hosts=hosts, client=client, own=mapped)

        async def read(place: Project) -> ProjectPicture:
            async with turns:
                return await reader.read(place)

        reading = [asyncio.create_task(read(place)) for place in places]
        done, late = await asyncio.wait(reading, timeout=ALL_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return [task.result() for task in reading if task in done]


def _odd(address: str) -> str:
    """Return why an address is not asked, empty where it is."""
    try:
        parts = urlsplit(address)
        if "@" in parts.netloc:
            return "its address held a name or password, which is not recorded: a picture is open to anyone"
        if parts.scheme not in _WEB or not parts.hostname or parts.port == 0:
            return "its address is no web address"
    except ValueError:
        return "its address is no web address"
    return "a proxy stands between, which would look its name up" if proxy_of(address) else ""


async def _made_small(data: bytes) -> bytes:
    """Return the picture as `generator.webp` tells it; raise `ValueError` where it cannot be made."""
    maker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        "generator.sources.picture_maker",
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env={},
    )
    try:
        made, said = await maker.communicate(data)
    finally:
        if maker.returncode is None:
            with suppress(ProcessLookupError):
                maker.kill()
            await maker.wait()
    if maker.returncode == REFUSED and said:
        raise ValueError(said.decode(errors="replace"))
    try:
        size_of(made)
    except ValueError as error:
        msg = "it took more memory or time than a picture may"
        raise ValueError(msg) from error
    return made
