"""What elements, attributes and addresses of a page do to what a reader sees of it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

#: Addresses that hold a document themselves, or run, or that a wallet would pay.
SCHEME: Final = re.compile(
    r"[\s\0-\x20]*(?:data|javascript|blob|vbscript|bitcoin|lightning|lnurl\w*)\s*:", re.IGNORECASE
)
#: Letters that browsers leave out of an address.
LEFT_OUT: Final = re.compile(r"[\t\r\n]")
_SCHEME_NAME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*")
ELSEWHERE: Final = re.compile(r"[\s\0-\x20]*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Attributes that hold an address.
ADDRESSES: Final = _names(
    "action archive background cite codebase data dynsrc formaction href longdesc lowsrc manifest ping "
    "imagesrcset poster src srcset"
)
#: Elements whose text is no statement of the report: quoted program output, code, markup of dates.
_QUIET: Final = frozenset({"code", "pre", "samp", "time", "title", "head"})
_QUIET_CLASSES: Final = frozenset({"tick", "hash", "said"})
#: Elements that begin a passage of their own; all others, also unknown ones, stand in a line of text.
BREAKING: Final = _names(
    "address article aside blockquote body br caption center col colgroup dd desc details dialog dir div "
    "dl dt fieldset figcaption figure footer foreignobject form g h1 h2 h3 h4 h5 h6 head header hgroup hr "
    "html legend li link listing main menu meta nav ol optgroup option p path plaintext pre script search "
    "section style summary svg symbol table tbody td text textarea tfoot th thead title tr ul use xmp"
)
#: Elements that hide their text or part of it, show it struck out, or beside its line.
HIDING: Final = _names(
    "audio button canvas datalist del desc details dialog meter noscript object optgroup option progress "
    "rp rt s select strike sub sup symbol defs textarea title video"
)
_HIDING_WAYS: Final = _names("hidden popover inert style aria-hidden aria-label")
_UNSEEN_CLASS: Final = "unseen"
#: Elements around a number that show it as one that does not hold.
STRIKING: Final = _names("del s strike")
#: Classes of parts of a number; a plain element has none.
_PARTS: Final = _names("bound milli")
#: Schemes of addresses to which a page may lead.
_LEADING: Final = _names("http https mailto tel nostr webcal")
#: Attributes that browsers neither show nor read aloud.
UNSEEN: Final = _names(
    "aria-controls aria-current aria-describedby aria-hidden aria-labelledby class clip-path colspan cx "
    "cy d data-count data-currency data-declaration data-entry data-figure data-figures data-project "
    "data-receipt data-row data-said data-today datetime dir dx dy fill fill-rule focusable for headers "
    "height hidden "
    "href id lang media name offset opacity open points preserveaspectratio property r rel role rowspan "
    "rx ry scope src stroke stroke-dasharray stroke-linecap stroke-linejoin stroke-width style tabindex "
    "target text-anchor transform type viewbox width x x1 x2 xmlns y y1 y2"
)
#: What runs, loads another document or turns text round: no page of a report has it.
FORBIDDEN: Final = _names(
    "applet base bdo embed fencedframe frame frameset iframe marquee math object portal script slot template"
)
#: Attributes of a drawing that show the letters of a text in another order, or upside down.
TURNING: Final = _names("direction unicode-bidi writing-mode rotate textlength lengthadjust reversed")
TURNED: Final = re.compile(r"rotate|scale|matrix|skew", re.IGNORECASE)
#: What may show a number that is no text.
PICTURES: Final = _names(
    "animate animatemotion animatetransform audio canvas feimage image img picture set source track video"
)


def addresses(found: Mapping[str, str]) -> list[str]:
    """Return the addresses that attributes hold, under whichever prefix; without what browsers leave out."""
    named = (value for name, value in found.items() if name.rpartition(":")[2] in ADDRESSES)
    return [where for value in named if (where := LEFT_OUT.sub("", value))]


def hides(tag: str, found: Mapping[str, str], *, in_data: bool) -> bool:
    """Tell whether an element inside of one that states a number may show less than its text.

    In a `data` element stands nothing but the parts that Sunlit makes, and plain elements.
    """
    if tag in HIDING or _HIDING_WAYS & found.keys() or _UNSEEN_CLASS in found.get("class", "").split():
        return True
    return in_data and not (set(found) <= {"class"} and set(found.get("class", "").split()) <= _PARTS)


def renames(tag: str, found: Mapping[str, str]) -> bool:
    """Tell whether an element of a line is read aloud as the text of another one."""
    return "aria-owns" in found or (tag not in BREAKING and "aria-labelledby" in found)


def leads_nowhere(address: str) -> bool:
    """Tell whether an address of a link is one that runs, pays, or opens another program."""
    scheme, colon, _ = address.strip("\0 \t\r\n").partition(":")
    return bool(colon and _SCHEME_NAME.fullmatch(scheme)) and scheme.lower() not in _LEADING


def shows_another(tag: str, found: Mapping[str, str], where: Sequence[str]) -> bool:
    """Tell whether an element shows another file, or is shown as one says; its text tells nothing of that."""
    if tag in PICTURES or {"src", "background"} & found.keys():
        return True
    sheet = tag == "link" and "stylesheet" in found.get("rel", "").lower()
    return sheet or (tag == "use" and not all(each.startswith("#") for each in where))


def turns(name: str, value: str) -> bool:
    """Tell whether an attribute shows letters in another order, or upside down."""
    by_letter = name in {"x", "y", "dx", "dy"} and len(value.replace(",", " ").split()) > 1
    leftward = name == "dir" and value.strip().lower() == "rtl"
    return name in TURNING or by_letter or leftward or (name == "transform" and bool(TURNED.search(value)))


def is_quiet(tag: str, found: Mapping[str, str]) -> bool:
    """Tell whether the text of an element is no statement of the report."""
    classes = set(found.get("class", "").split())
    return tag in _QUIET or "data-said" in found or "data-row" in found or bool(_QUIET_CLASSES & classes)


def is_spoken(tag: str, name: str, found: dict[str, str]) -> bool:
    """Tell whether the value of an attribute is shown or read aloud, and no passage of its own."""
    if name in UNSEEN or name.startswith(("on", "xmlns:")):
        return False
    if tag == "meta":
        elsewhere = {"http-equiv", "data-figures", "data-said"} & found.keys()
        return name == "content" and not elsewhere and found.get("name") != "viewport"
    return not (tag == "data" and name in ("value", "title"))
