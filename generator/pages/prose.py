"""A page of the maintainer's as HTML: tables, footnotes, pictures, links between pages, ids of headings."""

import re
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Final, NamedTuple

from markupsafe import Markup

from generator.pages.clean import OWN_TAGS, plain, sanitiser
from generator.pages.markdown_html import converted
from generator.pages.own_links import OwnLinks
from generator.text_bounds import OWN, excess_of
from generator.text_format import clean

_ATTRIBUTES: Final = {
    "a": {"href"},
    "img": {"src", "alt"},
    "li": {"id"},
    "ol": {"start"},
    "sup": {"id"},
    "th": {"class"},
    "td": {"class"},
}
#: Ids of notes, as links to them and back name them.
_NOTE: Final = re.compile(r"fn(?:ref\d*)?-[\w-]+")
_HEADING: Final = re.compile(r"<(h[2-6])>(.*?)</\1>", re.DOTALL)
_PICTURE: Final = re.compile(r'<img(?: alt="([^"]*)")?(?: src="([^"]*)")?(?: alt="([^"]*)")?>')
_TAG: Final = re.compile(r"<[^<>]*>")
#: A tag that begins, as it is written; addresses in angle brackets are none.
_BEGUN: Final = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>])")
#: Ids that our templates use on such a page; those of icons and of figures are kept free by a prefix.
_TAKEN: Final = frozenset({"main", "title", "snapshot"})
#: What no address holds; angle brackets in a value would look like tags to what comes after.
_ODD: Final = re.compile(r"[\s<>\"'`\\]")
#: A wide table scrolls by itself, also by keys; the page does not.
_WIDE: Final = ('<div class="scroll" tabindex="0"><table>', "</table></div>")
#: Markdown's alignment of numbers, and ours.
_RIGHT: Final = ('style="text-align: right;"', 'class="num"')


class Prose(NamedTuple):
    """A page as HTML, and which words of its source are not shown as they were meant, with the reason."""

    html: Markup
    faults: tuple[tuple[str, str], ...]


def prose(text: str, links: OwnLinks, *, prefix: str = "") -> Prose:
    """Return a page of the maintainer's; ids of its headings begin with `prefix`."""
    text = clean(text)
    if excess_of(text, OWN):
        return Prose(Markup(plain(text)), ())  # noqa: S704 -- it is escaped
    made = converted(text, "tables", "footnotes").replace(*_RIGHT)
    made = made.replace("<h1>", "<h2>").replace("</h1>", "</h2>")  # the page has its own
    _LINKS.set(links)
    html = _CLEANER.clean(made)
    html = _PICTURE.sub(lambda found: _picture(found, links), html)
    html = _with_ids(html, prefix)
    html = html.replace("<table>", _WIDE[0]).replace("</table>", _WIDE[1])
    left_out = sorted({tag.lower() for tag in _BEGUN.findall(made)} - OWN_TAGS - {"div"})
    tags = ((f"<{tag}", f"the tag <{tag}> is not shown: write it in Markdown") for tag in left_out)
    faults = (*links.faults.items(), *tags)
    return Prose(Markup(html), faults)  # noqa: S704 -- what the sanitiser returns is what may stand in a page


def _kept(_tag: str, attribute: str, value: str) -> str | None:
    match attribute:
        case "href":
            found = _LINKS.get().href(value)
            return None if found is None or _ODD.search(found) else found
        case "src":
            found = _LINKS.get().picture(value)
            return None if found is None or _ODD.search(found) else found
        case "alt":
            return re.sub("[<>]", "", value)
        case "class":
            return value if value == "num" else None
        case "start":
            return value if value.isdecimal() else None
        case _:
            return value if _NOTE.fullmatch(value) else None


_CLEANER: Final = sanitiser(OWN_TAGS, _ATTRIBUTES, _kept)
#: Of the page that is cleaned: to make a sanitiser for each takes a third as long as to use it.
_LINKS: Final[ContextVar[OwnLinks]] = ContextVar("links")


def _picture(found: re.Match[str], links: OwnLinks) -> str:
    alt, address = found[1] or found[3] or "", found[2]
    if not address:
        return alt
    size = links.size(address)
    sides = f' width="{size[0]}" height="{size[1]}"' if size else ""
    return f'<img src="{address}" alt="{alt}"{sides} loading="lazy">'


def _with_ids(html: str, prefix: str) -> str:
    """Give each heading an id made of its words, none twice."""
    used = set[str](_TAKEN)

    def named(found: re.Match[str]) -> str:
        words = _TAG.sub("", found[2]).lower()
        slug = prefix + ("-".join(re.findall(r"\w+", re.sub(r"&\w+;", "", words))) or "part")
        name = next(name for name in _numbered(slug) if name not in used)
        used.add(name)
        return f'<{found[1]} id="{name}">{found[2]}</{found[1]}>'

    return _HEADING.sub(named, html)


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1
