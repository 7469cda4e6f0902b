"""Text that others wrote: no control or bidi characters, links only to the web, Markdown by allow-list."""

import re
from functools import cache
from typing import Final
from urllib.parse import urlsplit

import nh3
from markdown import Markdown
from markupsafe import Markup, escape

from generator.text_bounds import OWN, excess_of, quotation
from generator.text_format import clean

_EXTENSIONS: Final = ("sane_lists", "fenced_code")
_INLINE: Final = frozenset({"strong", "b", "em", "i", "code", "a", "del", "s", "br"})
_TAGS: Final = _INLINE | {"p", "hr", "ul", "ol", "li", "pre", "blockquote"}
_OWN_TAGS: Final = _TAGS | {"h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd"}
_NEVER_TEXT: Final = {"script", "style", "template", "noscript", "title", "textarea"}
_DROPPED: Final = _NEVER_TEXT | {"iframe", "object", "embed", "svg", "math"}
#: What is escaped in HTML.
_SPECIAL: Final = re.compile("[&<>\"']")


def safe_link(url: str) -> str:
    """Return a web address, or nothing for anything else; a name before an @ would look like the host."""
    url = clean(url).strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    web = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return url if web and not re.search(r"[\s<>\"'`\\]", url) else ""


def escaped(text: str) -> str:
    """Return a text as it stands in HTML: what `escape` gives, without an object for each."""
    return str(escape(text)) if _SPECIAL.search(text) else text


def quoted(text: str) -> Markup:
    """Return what a source wrote as harmless HTML: no headings, no images, links to the web only.

    What goes beyond the bounds of strangers' texts is cut, or shown as plain text. Tables stay text:
    each short line of a wide one would be a row of a thousand cells.
    """
    said = quotation(text)
    shown = _plain(said.text) if said.excess else _html(said.text)
    more = "<p>… (cut here)</p>" if said.cut else ""
    return _sanitised(shown + more, tags=_TAGS, own=False)


def prose(text: str) -> Markup:
    """Return a content page of the site's maintainer as HTML; links inside the site are welcome."""
    text = clean(text)
    return _sanitised(
        _plain(text) if excess_of(text, OWN) else _html(text, "tables"), tags=_OWN_TAGS, own=True
    )


def _plain(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def _html(text: str, *more: str) -> str:
    try:
        return _markdown(more).reset().convert(text)
    except BaseException:
        _markdown.cache_clear()  # what was cut off in the middle would begin the next text there
        raise


@cache
def _markdown(more: tuple[str, ...]) -> Markdown:
    """Return a converter: making one takes a sixth as long as converting a page."""
    return Markdown(extensions=[*_EXTENSIONS, *more], output_format="html")


def _sanitised(html: str, *, tags: frozenset[str], own: bool) -> Markup:
    def keep(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) != ("a", "href"):
            return value
        inside = own and not re.match(r"[a-z][a-z0-9+.-]*:|//", value, re.IGNORECASE)
        return value if inside or safe_link(value) else None

    found = nh3.clean(
        html,
        tags=set(tags),
        clean_content_tags=_DROPPED,
        attributes={"a": {"href"}},
        attribute_filter=keep,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(found)  # noqa: S704 -- what the sanitiser returns is what may stand in a page
