"""Text that others wrote: no control or bidi characters, links only to the web, Markdown by allow-list."""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup, escape

from generator.pages.markdown_html import html_of
from generator.text_bounds import quotation
from generator.text_format import clean

_INLINE: Final = frozenset({"strong", "b", "em", "i", "code", "a", "del", "s", "br"})
_TAGS: Final = _INLINE | {"p", "hr", "ul", "ol", "li", "pre", "blockquote"}
_TABLE: Final = frozenset({"table", "thead", "tbody", "tr", "th", "td"})
OWN_TAGS: Final = _TAGS | _TABLE | {"h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "sup", "img"}
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
    shown = plain(said.text) if said.excess else html_of(said.text)
    more = "<p>… (cut here)</p>" if said.cut else ""
    return _sanitised(shown + more, _QUOTED)


def plain(text: str) -> str:
    """Return a text as paragraphs, a line each."""
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def _href(_tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "href" or safe_link(value) else None


def sanitiser(
    tags: AbstractSet[str],
    attributes: Mapping[str, set[str]],
    kept: Callable[[str, str, str], str | None],
) -> nh3.Cleaner:
    """Return what leaves of HTML these tags and attributes; `kept` says what becomes of a value."""
    return nh3.Cleaner(
        tags=set(tags),
        clean_content_tags=_DROPPED,
        attributes=dict(attributes),
        attribute_filter=kept,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
    )


_QUOTED: Final = sanitiser(_TAGS, {"a": {"href"}}, _href)


def _sanitised(html: str, cleaner: nh3.Cleaner) -> Markup:
    return Markup(cleaner.clean(html))  # noqa: S704 -- what the sanitiser returns is what may stand in a page
