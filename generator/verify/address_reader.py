"""Reading a site from its address, with limits on everything."""

import asyncio
from typing import IO, Final
from urllib.parse import quote

import httpx
import msgspec

from generator import __version__
from generator.errors import Invalid, SourceError
from generator.manifest import KEEPERS, MANIFEST
from generator.next_site import is_inside
from generator.publish import LIMIT
from generator.sources.http import AnswerBeyondBounds, Http, HttpLimits, refuse_odd_environment
from generator.unreadable import UNREADABLE
from generator.verify.files_on_disk import FetchedFiles
from generator.verify.site_copy import (
    LARGEST_FILE,
    MOST_FILES,
    TOO_LARGE,
    Manifest,
    NotASite,
    SiteBeyondBounds,
    SiteCopy,
)

PATIENCE: Final = HttpLimits(attempts=3, deadline_s=60, body_bytes=LARGEST_FILE, concurrency=8)
_MISSING: Final = 404
#: A reader calls `verify` once: no later run looks again by itself.
_THEN: Final = "look whether the address is right and this machine is online, then run verify again"


async def read_address(url: str, disk: IO[bytes], *, limits: HttpLimits = PATIENCE) -> SiteCopy:
    """Return what the manifest at an address lists, kept in an open file.

    Raise `NotASite` when there is no manifest, `Unavailable` when nobody answers.
    """
    refuse_odd_environment()
    async with httpx.AsyncClient(headers={"User-Agent": f"sunlit/{__version__}"}) as client:
        return await _Reader(
            Http(client=client, source="site", base_url=url, limits=limits, then=_THEN), url, disk
        ).read()


class _Reader:
    """Fetches a manifest and then what it lists, never more than a site may hold."""

    def __init__(self, http: Http, url: str, disk: IO[bytes]) -> None:
        self._http = http
        self._url = url
        self._files = FetchedFiles(disk)
        self._unread: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._size = 0

    async def read(self) -> SiteCopy:
        try:
            answer = await self._http.get(f"/{MANIFEST}", subject="the manifest", accept=(_MISSING,))
            manifest = msgspec.json.decode(answer.content, type=Manifest)
        except AnswerBeyondBounds as error:
            raise SiteBeyondBounds(error.message) from error
        except (Invalid, *UNREADABLE) as error:
            msg = f"{self._url} has no {MANIFEST} of Sunlit ({error}); give the address of its first page"
            raise NotASite(msg) from error
        if len(manifest.files) > MOST_FILES:
            msg = f"{self._url} lists {len(manifest.files)} files, more than the {MOST_FILES} that are read"
            raise SiteBeyondBounds(msg)
        self._files.keep(MANIFEST, answer.content)
        await asyncio.gather(*map(self._fetch, sorted(manifest.files)))
        return SiteCopy(
            subject=self._url,
            files=self._files.ordered(),
            listed=False,
            unread=self._unread,
            refused=self._refused,
        )

    async def _fetch(self, path: str) -> None:
        if not is_inside(path):
            return  # its name is a problem of its own
        try:
            answer = await self._http.get(f"/{quote(path)}", subject=path[:200], accept=(_MISSING,))
        except AnswerBeyondBounds as error:
            self._refused[path] = error.message
            return
        except SourceError as error:
            self._unread[path] = error.message
            return
        if answer.status == _MISSING:
            if path in KEEPERS:  # empty, and some hosts do not serve such names
                self._files.keep(path, b"")
            return
        self._size += len(answer.content)
        if self._size > LIMIT:
            self._refused[path] = TOO_LARGE
            return
        self._files.keep(path, answer.content)
