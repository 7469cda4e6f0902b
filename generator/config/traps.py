"""What `config.yaml` may say and hardly anybody means: each becomes a warning, with the fix."""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from generator.config.config import DEFAULT_BASE_URL
from generator.config.hints import hint
from generator.config.positions import KeyPath, YamlDocument
from generator.config.rules import is_private, readable
from generator.config.shape import shape_at
from generator.config.value_types import BITCOIN
from generator.money import FIAT

_CURLY: Final = frozenset("“”„\u2018\u2019«»")
#: Names that belong to nobody (RFC 2606).
_NOBODYS: Final = re.compile(r"(?:.*\.)?(?:example(?:\.(?:com|org|net))?|invalid)")
#: Paths of BTCPay's own pages, which nobody's server stands below.
_PAGES: Final = re.compile(
    r"/(?:stores|apps|i|invoices|api|account|login|server|wallets|plugins)(?:/|$)", re.IGNORECASE
)
_BASE_URL: Final = ("site", "base_url")
_WHERE: Final = "write where the site will stand, such as https://village.github.io/report"
_SECURE: Final = {"http": "https", "ws": "wss"}
_CURRENCY: Final = re.compile(r"(?:\S+ )?([A-Z]{3})")


def note_traps(document: YamlDocument) -> None:
    """Add a warning to the document for each trap in it."""
    for path, value in dict(_texts(document.value, ())).items():
        shape = shape_at(path)
        shape = shape and (shape.item or shape)  # a list of one may be written alone
        if shape is not None and shape.model is not None:
            shape = shape_at((*path, "url"))  # and so may an indexer's address
        if shape is None:
            continue
        if shape.is_free_text:
            _free_text(document, path, value)
        if path == _BASE_URL:
            _base_url(document, value)
        elif shape.form is not None and "address" in shape.form.allowed:
            _server(document, path, value)
        elif shape.form is not None and "currency" in shape.form.allowed:
            _currency(document, path, value)
    if isinstance(site := _section(document, "site"), dict) and not {"base_url", "domain"} & site.keys():
        document.warn(
            _BASE_URL, f"is missing, so links in feeds lead to {DEFAULT_BASE_URL}: {_WHERE}", "base-url"
        )
    _nothing_to_report(document)


def _nothing_to_report(document: YamlDocument) -> None:
    sources, angor = _section(document, "sources"), _section(document, "angor")
    has_store = isinstance(sources, Mapping) and sources.get("btcpay")
    finds_all = isinstance(angor, Mapping) and angor.get("discover") == "all"
    if not (has_store or finds_all or _section(document, "projects")):
        message = (
            "names no project, so no source is asked and this report stays empty: "
            "list one, a store of BTCPay under sources, or write angor: {discover: all}"
        )
        document.warn(("projects",), message, "empty")


def _texts(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*path, number))


def _section(document: YamlDocument, name: str) -> object:
    return document.value.get(name) if isinstance(document.value, Mapping) else None


def _free_text(document: YamlDocument, path: KeyPath, text: str) -> None:
    if comment := document.cut.get(path):
        message = (
            f"ends before the sign # ({_short(comment)} is a comment): put the whole text in quotes, "
            "or the comment in a line of its own"
        )
        document.warn(path, message, "cut")
    if text[:1] in _CURLY and text[-1:] in _CURLY:
        document.warn(path, "stands in curly quotes, which everyone will see: write straight ones", "quotes")
    elif text[-1:] == '"' and text.count('"') == 1:
        document.warn(
            path, "ends with a quote that nothing opens: write one before the text, or none", "quotes"
        )
    if text != text.strip():
        document.warn(path, "begins or ends with blanks or an empty line: take them away", "blanks")


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:24]}…"  # noqa: PLR2004 -- what fits in a sentence


def _base_url(document: YamlDocument, text: str) -> None:
    url = readable(text)
    if url is None:
        return
    parts = urlsplit(url)
    domain = site.get("domain") if isinstance(site := _section(document, "site"), Mapping) else None
    if isinstance(domain, str) and domain != parts.hostname:
        step = "take one of them away, or let both name where the site will stand"
        document.warn(_BASE_URL, f"leads to {parts.hostname}, and site.domain is {domain}: {step}", "domain")
    if _NOBODYS.fullmatch(parts.hostname or ""):
        document.warn(_BASE_URL, f"is {url}, which is nobody's address: {_WHERE}", "base-url")
    if "//" in parts.path:
        document.warn(_BASE_URL, "has two slashes in a row: write one of them", "slash")
    if parts.scheme == "http" and not is_private(url):
        document.warn(_BASE_URL, "begins with http://: write https://, which Pages serves too", "plain-http")


def _server(document: YamlDocument, path: KeyPath, text: str) -> None:
    url = readable(text)
    if url is None or path[-1] == "proxy":
        return
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _NOBODYS.fullmatch(host):
        document.warn(
            path, f"names {host}, which belongs to nobody: write the address of your server", "nobody"
        )
    elif "." not in host and ":" not in host and not is_private(url):
        document.warn(
            path, f"names {host} alone: write the whole name of the server, with its dots", "nobody"
        )
    if parts.scheme in _SECURE and not is_private(url) and path[:2] != ("sources", "btcpay"):
        secure = _SECURE[parts.scheme]
        document.warn(
            path,
            f"begins with {parts.scheme}://, which anybody on the way can change: write {secure}://",
            "plain-http",
        )
    if path[:2] == ("sources", "btcpay") and parts.path.strip("/"):
        base = f"{parts.scheme}://{parts.netloc}"
        if _PAGES.match(parts.path):
            message = f"is the address of a page of BTCPay: write the server's own, {base}"
        elif text.rstrip().endswith("/"):
            return  # so the maintainer says that BTCPay stands there
        else:
            message = (
                f"has the path {parts.path}: if BTCPay itself stands below it, end the address with a slash, "
                f"{base}{parts.path}/; if not, write {base}"
            )
        document.warn(path, message, "path")


def _currency(document: YamlDocument, path: KeyPath, text: str) -> None:
    found = _CURRENCY.fullmatch(text)
    if found and found.group(1) not in FIAT | BITCOIN:
        code = found.group(1)
        near = hint(code, sorted(FIAT))
        document.warn(
            path, f"names {code}, which is no state's currency{near}; write its code, such as EUR", "currency"
        )
