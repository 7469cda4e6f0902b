"""Reading a site to verify: a folder, or an address with limits on everything.

A folder may be a stranger's: nothing in it is followed, and nothing is opened that could make a reader wait.
"""

import asyncio
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx
import msgspec

from generator import __version__
from generator.errors import Invalid, SourceError
from generator.publish import FILE_LIMIT, KEEPERS, LIMIT, MANIFEST, is_inside
from generator.sources.http import AnswerBeyondBounds, Http, HttpLimits, refuse_odd_environment
from generator.unreadable import UNREADABLE
from generator.verify.file_names import odd_name
from generator.verify.site_copy import Manifest, NotASite, SiteBeyondBounds, SiteCopy

MOST_FILES: Final = 200_000
PATIENCE: Final = HttpLimits(attempts=3, deadline_s=60, body_bytes=FILE_LIMIT, concurrency=8)
_MISSING: Final = 404
_LINK: Final = "a symbolic link, which is not followed"
_SPECIAL: Final = "neither a file nor a folder"
_TOO_LARGE: Final = f"larger than the {FILE_LIMIT} bytes of a file, or with it the site is than its {LIMIT}"


def read_folder(folder: Path) -> SiteCopy:
    """Return every file of a folder; raise `NotASite` when it holds no manifest.

    What is no ordinary file, and what is more than a site may hold, is refused by its name.
    """
    if not os.path.lexists(folder / MANIFEST):
        msg = f"{folder} holds no {MANIFEST}: give the folder that `sunlit build` wrote, or a copy of a site"
        raise NotASite(msg)
    files: dict[str, bytes] = {}
    unread: dict[str, str] = {}
    refused: dict[str, str] = {}
    size = 0
    for name, path in _walked(folder, refused, unread):
        if len(files) >= MOST_FILES:
            refused[name] = f"there are more than the {MOST_FILES} files that are read"
            break
        try:
            data = _contents(path, min(FILE_LIMIT, LIMIT - size))
        except OSError as error:
            unread[name] = error.strerror or str(error)
        except NotASite as error:
            refused[name] = str(error)
        else:
            files[name] = data
            size += len(data)
    return SiteCopy(
        subject=str(folder), files=dict(sorted(files.items())), listed=True, unread=unread, refused=refused
    )


def _walked(folder: Path, refused: dict[str, str], unread: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield name and path of what lies in a folder and in those inside of it, links unfollowed."""
    waiting = [("", str(folder))]
    while waiting:
        prefix, inside = waiting.pop()
        try:
            found = sorted(os.scandir(inside), key=lambda entry: entry.name)
        except OSError as error:
            unread[prefix.rstrip("/")] = error.strerror or str(error)
            continue
        for entry in found:
            name = prefix + entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if name == ".git" or (name == "CNAME" and entry.is_file(follow_symlinks=False)):
                continue
            if is_folder and (why := odd_name(name)):
                refused[name] = why
            if is_folder:
                waiting.append((f"{name}/", entry.path))
            else:
                yield name, entry.path


def _contents(path: str, most: int) -> bytes:
    """Return the bytes of an ordinary file; raise `NotASite` for anything else, and for too many of them."""
    mode = os.lstat(path).st_mode
    if not stat.S_ISREG(mode):
        raise NotASite(_LINK if stat.S_ISLNK(mode) else _SPECIAL)
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotASite(_SPECIAL)
        data = file.read(most + 1) if status.st_size <= most else b""
    if status.st_size > most or len(data) > most:
        raise NotASite(_TOO_LARGE)
    return data


async def read_address(url: str, *, limits: HttpLimits = PATIENCE) -> SiteCopy:
    """Return what the manifest at an address lists.

    Raise `NotASite` when there is no manifest, `Unavailable` when nobody answers.
    """
    refuse_odd_environment()
    async with httpx.AsyncClient(headers={"User-Agent": f"sunlit/{__version__}"}) as client:
        return await _Reader(Http(client=client, source="site", base_url=url, limits=limits), url).read()


class _Reader:
    """Fetches a manifest and then what it lists, never more than a site may hold."""

    def __init__(self, http: Http, url: str) -> None:
        self._http = http
        self._url = url
        self._files: dict[str, bytes] = {}
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
        self._files[MANIFEST] = answer.content
        await asyncio.gather(*map(self._fetch, sorted(manifest.files)))
        return SiteCopy(
            subject=self._url,
            files=dict(sorted(self._files.items())),
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
                self._files[path] = b""
            return
        self._size += len(answer.content)
        if self._size > LIMIT:
            self._refused[path] = _TOO_LARGE
            return
        self._files[path] = answer.content
