"""Reading the copy of a site from a folder.

It may be a stranger's: nothing in it is followed, and nothing is opened that could make a reader wait.
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from generator.manifest import MANIFEST
from generator.publish import LIMIT
from generator.verify.file_names import odd_name
from generator.verify.files_on_disk import FolderFiles
from generator.verify.plain_files import contents
from generator.verify.site_copy import MOST_FILES, NotASite, SiteCopy


def read_folder(folder: Path) -> SiteCopy:
    """Read every file of a folder once, for its hash; raise `NotASite` when it holds no manifest.

    What is no ordinary file, and what is more than a site may hold, is refused by its name.
    """
    if not os.path.lexists(folder / MANIFEST):
        msg = f"{folder} holds no {MANIFEST}: give the folder that `sunlit build` wrote, or a copy of a site"
        raise NotASite(msg)
    files: dict[str, tuple[str, bytes]] = {}
    unread: dict[str, str] = {}
    refused: dict[str, str] = {}
    size = 0
    for name, path in _walked(folder, refused, unread):
        if len(files) >= MOST_FILES:
            refused[name] = f"there are more than the {MOST_FILES} files that are read"
            break
        try:
            data = contents(path, LIMIT - size)
        except OSError as error:
            unread[name] = error.strerror or str(error)
        except NotASite as error:
            refused[name] = str(error)
        else:
            files[name] = (path, sha256(data).digest())
            size += len(data)
    return SiteCopy(
        subject=str(folder), files=FolderFiles(files), listed=True, unread=unread, refused=refused
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
