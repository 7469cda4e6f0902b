"""Reading the copy of a site from a folder.

It may be a stranger's: nothing in it is followed, and nothing is opened that could make a reader wait.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from generator.publish import LIMIT, MANIFEST
from generator.verify.file_names import odd_name
from generator.verify.site_copy import LARGEST_FILE, MOST_FILES, TOO_LARGE, NotASite, SiteCopy

_LINK: Final = "a symbolic link, which is not followed"
_SPECIAL: Final = "neither a file nor a folder"


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
            data = _contents(path, min(LARGEST_FILE, LIMIT - size))
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
        raise NotASite(TOO_LARGE)
    return data
