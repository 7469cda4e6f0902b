"""A page as a browser shows it: the elements that state numbers, and all other text that a reader sees."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

#: Elements whose text is no statement of the report: quoted program output, code, markup of dates.
_QUIET: Final = frozenset({"code", "pre", "samp", "time", "style", "title", "head"})
_QUIET_CLASSES: Final = frozenset({"tick", "hash", "said"})
_VOID: Final = frozenset({"meta", "link", "br", "hr", "img", "input", "wbr"})
_READ_ALOUD: Final = ("aria-label", "title", "alt")


@dataclass(slots=True, kw_only=True)
class StatingElement:
    """An element that states numbers, with its text as it is collected."""

    tag: str
    attributes: dict[str, str]
    text: str = ""

    @property
    def names(self) -> str:
        """What it says its numbers are: ``data-figure=well/raised``."""
        return ", ".join(
            f"{name}={value}" for name, value in self.attributes.items() if name.startswith("data-")
        )


class PageReader(HTMLParser):
    """Collects what a page states; feed it HTML or SVG, then close it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stating: list[StatingElement] = []
        self.loose: list[str] = []  #: text outside of them, but what is quoted, code or a date
        self._open: list[tuple[str, bool, bool]] = []  #: tag, whether its text is quiet, whether it states
        self._inside: list[StatingElement] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        found = {name: value or "" for name, value in attrs}
        self.loose += [found[name] for name in _READ_ALOUD if name in found]
        if tag in _VOID:
            return
        classes = found.get("class", "").split()
        quiet = tag in _QUIET or "data-said" in found or bool(_QUIET_CLASSES & set(classes))
        stating = tag == "data" or "data-figure" in found or "data-figures" in found
        self._open.append((tag, quiet, stating))
        if stating:
            self.stating.append(StatingElement(tag=tag, attributes=found))
            self._inside.append(self.stating[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element and close it."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those inside of it that were left open."""
        while self._open:
            name, _, stating = self._open.pop()
            if stating:
                self._inside.pop()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """Collect text where it belongs."""
        if self._inside:
            self._inside[-1].text += data
        elif not any(quiet for _, quiet, _ in self._open):
            self.loose.append(data)
