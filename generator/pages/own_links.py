"""Where links and pictures of a maintainer's page lead: written as in the repository, read on the site."""

import posixpath
import re
from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import unquote

import msgspec

from generator.pages.clean import safe_link
from generator.static_files import is_picture

#: What begins an address that leads out of the site.
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_STATIC: Final = "static/"
_PAGES: Final = "pages/"


class OwnLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Reads the addresses of one page; `faults` has the wrong ones, each with what to do."""

    name: str  #: of the page, without ``.md``
    path: str  #: where the page stands in the site
    names: Collection[str]  #: of all pages
    static: Mapping[str, tuple[int, int] | None]  #: sides of each picture
    faults: dict[str, str] = msgspec.field(default_factory=dict)  #: by address as it is written

    def href(self, address: str) -> str | None:
        """Return where a link leads, as it is written for any other; None for one that leads nowhere."""
        if _SCHEME.match(address):
            return safe_link(address) or None
        if address.startswith(("#", "/")):
            return address
        target, mark, rest = address.partition("#")
        place = self._place(target)
        if place.startswith(_STATIC):
            return self._static(address, place)
        if not target.endswith(".md"):
            return address
        other = place.removeprefix(_PAGES).removesuffix(".md")
        if not place.startswith(_PAGES) or other not in self.names:
            self.faults[address] = f"no page of content/pages is {target}: write its name as it is there"
            return None
        return f"{self._up}{other}/index.html{mark}{rest}"

    def picture(self, address: str) -> str | None:
        """Return where a picture stands, None for one that is not shown."""
        if _SCHEME.match(address):
            self.faults[address] = (
                "pictures of other servers are not shown, for they would learn who reads the report: "
                "put a copy into content/static"
            )
            return None
        place = self._place(address)
        if not place.startswith(_STATIC) or not is_picture(place):
            self.faults[address] = "a picture stands in content/static: write ![words](../static/name.png)"
            return None
        return self._static(address, place)

    def size(self, address: str) -> tuple[int, int] | None:
        """Return width and height of a picture at an address that `picture` gave."""
        return self.static.get(unquote(address).removeprefix(self._up + _STATIC))

    @property
    def _up(self) -> str:
        return "../" * self.path.count("/")

    def _place(self, target: str) -> str:
        """Return where a target lies below content/, as the page's own file sees it."""
        return posixpath.normpath(posixpath.join(_PAGES, posixpath.dirname(self.name), unquote(target)))

    def _static(self, address: str, place: str) -> str | None:
        if place.removeprefix(_STATIC) not in self.static:
            self.faults[address] = f"there is no content/{place}: put the file there, or correct its name"
            return None
        return f"{self._up}{place}"
