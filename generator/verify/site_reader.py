"""Reading a site to verify: a folder, or an address with limits on everything."""

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx
import msgspec

from generator import __version__
from generator.errors import Invalid, SourceError
from generator.publish import KEEPERS, LIMIT, MANIFEST, is_inside
from generator.sources.http import Http, HttpLimits
from generator.verify.site_copy import Manifest, NotASite, SiteCopy

#: Files that stand in a published folder and are no part of the site: git's own, and a domain's name.
_FOREIGN: Final = frozenset({".git", "CNAME"})
MOST_FILES: Final = 200_000
PATIENCE: Final = HttpLimits(attempts=3, deadline_s=60, body_bytes=256 * 2**20, concurrency=8)
_MISSING: Final = 404


def read_folder(folder: Path) -> SiteCopy:
    """Return every file of a folder; raise `NotASite` when it holds no manifest, or more than a site may."""
    if not (folder / MANIFEST).is_file():
        msg = f"{folder} holds no {MANIFEST}: give the folder that `sunlit build` wrote, or a copy of a site"
        raise NotASite(msg)
    files: dict[str, bytes] = {}
    size = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.split("/")[0] in _FOREIGN or not path.is_file():
            continue
        size += path.stat().st_size
        if size > LIMIT:
            msg = f"{folder} holds more than the {LIMIT} bytes that a site may have"
            raise NotASite(msg)
        files[name] = path.read_bytes()
    return SiteCopy(subject=str(folder), files=files, listed=True)


async def read_address(url: str, *, limits: HttpLimits = PATIENCE) -> SiteCopy:
    """Return what the manifest at an address lists.

    Raise `NotASite` when there is no manifest, `Unavailable` when nobody answers.
    """
    async with httpx.AsyncClient(headers={"User-Agent": f"sunlit/{__version__}"}) as client:
        return await _Reader(Http(client=client, source="site", base_url=url, limits=limits), url).read()


class _Reader:
    """Fetches a manifest and then what it lists, never more than a site may hold."""

    def __init__(self, http: Http, url: str) -> None:
        self._http = http
        self._url = url
        self._files: dict[str, bytes] = {}
        self._unread: dict[str, str] = {}
        self._size = 0

    async def read(self) -> SiteCopy:
        try:
            answer = await self._http.get(f"/{MANIFEST}", subject="the manifest", accept=(_MISSING,))
            manifest = msgspec.json.decode(answer.content, type=Manifest)
        except (Invalid, msgspec.DecodeError) as error:
            msg = f"{self._url} has no {MANIFEST} of Sunlit ({error}); give the address of its first page"
            raise NotASite(msg) from error
        if len(manifest.files) > MOST_FILES:
            msg = f"{self._url} lists {len(manifest.files)} files, more than the {MOST_FILES} that are read"
            raise NotASite(msg)
        self._files[MANIFEST] = answer.content
        await asyncio.gather(*map(self._fetch, sorted(manifest.files)))
        return SiteCopy(
            subject=self._url, files=dict(sorted(self._files.items())), listed=False, unread=self._unread
        )

    async def _fetch(self, path: str) -> None:
        if not is_inside(path):
            return  # reported as missing: no site has a file of such a name
        try:
            answer = await self._http.get(f"/{quote(path)}", subject=path[:200], accept=(_MISSING,))
        except SourceError as error:
            self._unread[path] = error.message
            return
        if answer.status == _MISSING:
            if path in KEEPERS:  # empty, and some hosts do not serve such names
                self._files[path] = b""
            return
        self._size += len(answer.content)
        if self._size > LIMIT:
            self._unread[path] = f"the site is larger than the {LIMIT} bytes that a site may have"
            return
        self._files[path] = answer.content
