"""Text that others wrote: no control or bidi characters, links only to the web, Markdown by allow-list."""

import re
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup, escape

from generator.pages.markdown_html import html_of
from generator.text_bounds import OWN, excess_of, quotation
from generator.text_format import clean

_INLINE: Final = frozenset({"strong", "b", "em", "i", "code", "a", "del", "s", "br"})
_TAGS: Final = _INLINE | {"p", "hr", "ul", "ol", "li", "pre", "blockquote"}
_OWN_TAGS: Final = _TAGS | {"h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd"}
_NEVER_TEXT: Final = {"script", "style", "template", "noscript", "title", "textarea"}
_DROPPED: Final = _NEVER_TEXT | {"iframe", "object", "embed", "svg", "math"}
#: What begins an address that leads out of the site.
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
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
    shown = _plain(said.text) if said.excess else html_of(said.text)
    more = "<p>… (cut here)</p>" if said.cut else ""
    return _sanitised(shown + more, _QUOTED)


def prose(text: str) -> Markup:
    """Return a content page of the site's maintainer as HTML; links inside the site are welcome."""
    text = clean(text)
    return _sanitised(_plain(text) if excess_of(text, OWN) else html_of(text, "tables"), _PROSE)


def _plain(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def _attribute(tag: str, attribute: str, value: str, *, own: bool) -> str | None:
    if (tag, attribute) != ("a", "href"):
        return value
    inside = own and not _SCHEME.match(value)
    return value if inside or safe_link(value) else None


def _sanitiser(tags: frozenset[str], *, own: bool) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        clean_content_tags=_DROPPED,
        attributes={"a": {"href"}},
        attribute_filter=partial(_attribute, own=own),
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
    )


_QUOTED: Final = _sanitiser(_TAGS, own=False)
_PROSE: Final = _sanitiser(_OWN_TAGS, own=True)


def _sanitised(html: str, sanitiser: nh3.Cleaner) -> Markup:
    return Markup(sanitiser.clean(html))  # noqa: S704 -- what the sanitiser returns is what may stand in a page
