"""Addresses as people write them → one canonical text that every part of the product can read.

pydantic's `Url` parses them as browsers do (WHATWG): host in ASCII and lower case, no usual port. It is more
lenient than our clients, so what they cannot ask is refused here: long labels, names that IDNA 2008 forbids.
"""

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Final

import idna
from pydantic import ValidationError
from pydantic_core import Url

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)(:?)(/*)(.*)", re.DOTALL)
_AGAIN: Final = re.compile(r"[A-Za-z]+:?//")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_UNSEEN: Final = re.compile(
    r"[\x00-\x20\x7f\x85\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]"
)
_QUOTES: Final = "\"'`“”„«»<>()\u2018\u2019"
_LONGEST_LABEL, _LONGEST_HOST, _LAST_PORT = 63, 253, 65535
#: Schemes that one takes for another, because both speak to the same server.
_TWINS: Final = {"https": "wss", "http": "ws", "wss": "https", "ws": "http"}


def web_address(schemes: tuple[str, ...], wanted: str, *, bare: bool = True) -> Callable[[str], str]:
    """Return what makes an address canonical, without a slash at its end.

    It raises `ValueError` saying what is `wanted` and what is wrong. A `bare` address has no query.
    """

    def parsed(text: str) -> str:
        try:
            return _canonical(text, schemes, bare=bare)
        except ValueError as error:
            msg = f"must be {wanted}; {error}"
            raise ValueError(msg) from None

    return parsed


def _canonical(text: str, schemes: tuple[str, ...], *, bare: bool) -> str:
    _refuse_odd_letters(text)
    _refuse_scheme(text, schemes)
    try:
        url = Url(text)
    except ValidationError as error:
        raise ValueError(_unparsed(str(error.errors()[0]["ctx"]["error"]))) from None
    if url.username is not None or url.password is not None:
        msg = "it holds a name or password: this file is public, take it out and change the password"
        raise ValueError(msg)
    if not 0 < (url.port or 1) <= _LAST_PORT or url.port == 0:
        msg = f"its port must be a number from 1 to {_LAST_PORT}"
        raise ValueError(msg)
    _refuse_host(url.host or "")
    if url.fragment is not None or (bare and url.query is not None):
        sign = "#" if url.query is None or not bare else "?"
        msg = f"nothing may stand behind {sign} in it: end it before that sign"
        raise ValueError(msg)
    return str(url).rstrip("/")


def _refuse_odd_letters(text: str) -> None:
    found = _UNSEEN.search(text)
    if not text.strip():
        msg = "nothing stands here: write the address"
    elif text[0] in _QUOTES or text[-1] in _QUOTES:
        msg = "signs stand around it: write the address alone"
    elif text[0] in "$%{":
        msg = "names of variables are not filled in here: write the address itself"
    elif "\\" in text:
        msg = "a slash in it leans to the wrong side: write / instead"
    elif found:
        where = "at its end" if not text[found.start() :].strip() else "in it"
        msg = f"a blank or a letter that cannot be seen stands {where}: delete it"
    else:
        return
    raise ValueError(msg)


def _refuse_scheme(text: str, schemes: tuple[str, ...]) -> None:
    """Raise `ValueError` for what does not begin with a scheme, a colon and two slashes."""
    found, usual = _SCHEME.fullmatch(text), schemes[0]
    scheme, colon, slashes, rest = found.groups() if found else ("", "", "", text.lstrip("/:"))
    scheme = scheme.lower()
    close = get_close_matches(scheme, schemes, n=1)
    if colon and scheme in schemes:
        if slashes == "//" and rest and not _AGAIN.match(rest):
            return
        if slashes == "//" and rest:
            msg = "its beginning stands twice: write it once"
            raise ValueError(msg)
        msg = f"two slashes belong behind {scheme}: and then the name of the server"
    elif colon and slashes and _TWINS.get(scheme) in schemes:
        msg = f"this one begins with {scheme}: write {_TWINS[scheme]}:// instead"
    elif colon and slashes:
        msg = f"{scheme}:// is none of {', '.join(schemes)}: write {close[0] if close else usual}://"
    elif scheme in schemes and slashes:
        msg = f"a colon is missing: write {scheme}://"
    else:
        msg = f"its beginning is missing: write {usual}:// before it"
    raise ValueError(msg)


def _unparsed(reason: str) -> str:
    if "port" in reason:
        return f"its port, behind the colon, must be a number from 1 to {_LAST_PORT}"
    if "IPv6" in reason:
        return "its numeric host in brackets [ ] is not closed or not whole: write it as [2001:db8::1]"
    if "IPv4" in reason:
        return "its numeric host must have four numbers from 0 to 255, such as 192.0.2.7"
    if "empty host" in reason:
        return "the name of the server is missing"
    return "the name of its server has letters that none may have: copy it again from the browser"


def _refuse_host(host: str) -> None:
    """Raise `ValueError` for a name that no resolver takes, or that `idna` does not."""
    labels = host.removesuffix(".").split(".")
    longest = max(map(len, labels))
    if host.startswith("["):
        return
    if longest > _LONGEST_LABEL or len(host) > _LONGEST_HOST:
        msg = (
            f"a part of its server's name has {longest} letters, and at most {_LONGEST_LABEL} are allowed "
            f"between two dots and {_LONGEST_HOST} in all: copy it again from the browser"
        )
        raise ValueError(msg)
    if "" in labels:
        msg = "two dots, or one at the beginning, stand in its server's name: take one away"
        raise ValueError(msg)
    if not all(map(_LABEL.fullmatch, labels)):
        msg = "the name of its server has signs that none may have: copy it again from the browser"
        raise ValueError(msg)
    try:
        if any(label.startswith("xn--") for label in labels):
            idna.decode(host)
    except idna.IDNAError:
        msg = "the name of its server has letters that none may have: copy it again from the browser"
        raise ValueError(msg) from None
