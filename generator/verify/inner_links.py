"""Links inside of a site that lead to another project, or to another page of the menu, than ours; pure."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from generator.verify.page_passages import InnerLink

#: Of a project, in whichever language.
_OF_PROJECT: Final = re.compile(r"(?:^|/)p/([^/]+)/")


def moved_links(
    path: str, ours: Iterable[InnerLink], theirs: Iterable[InnerLink], *, in_project: bool
) -> Iterator[str]:
    """Yield each link of a page that leads elsewhere than the same words of our page at this path.

    A later version may explain something on another page, and number its charts anew. So only titles of
    projects, links from a project's page into its folder, and entries of the menu are bound.
    """
    projects: defaultdict[tuple[bool, str], set[str]] = defaultdict(set)
    menu: defaultdict[str, set[str]] = defaultdict(set)
    for link in ours:
        target = target_of(path, link.address)
        if link.names or in_project:
            projects[link.names, link.label].add(_project(target))
        if link.in_navigation:
            menu[link.label].add(target)
    pages = {target for targets in menu.values() for target in targets}
    for link in theirs:
        target = target_of(path, link.address)
        known = projects.get((link.names, link.label), {""})
        elsewhere = known != {""} and _project(target) not in {"", *known}
        entry = menu.get(link.label) if link.in_navigation else None
        if elsewhere or (entry and target in pages - entry):
            yield f"leads with {link.label[:90]!r} to {target[:90]!r}, and ours does not"


def target_of(path: str, address: str) -> str:
    """Return the path of the file that a link of a page at a path leads to."""
    inside = unquote(urlsplit(address).path)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), inside))
    return posixpath.normpath(f"{target}/index.html") if inside.endswith("/") else target


def _project(path: str) -> str:
    found = _OF_PROJECT.search(path)
    return found[1] if found else ""
