"""What files say that are read away from the site: where it stands, and that invented money is none."""

from hashlib import sha256

from generator.config.config import DEFAULT_BASE_URL
from generator.pages.surroundings import SiteWords
from generator.report import Report
from generator.sentence import Text, say
from generator.text_format import clean, shortened


def address(report: Report | SiteWords, path: str = "") -> str:
    """Return the address of a page or file of the site; empty while nobody said where the site stands."""
    base = report.base_url.rstrip("/")
    return f"{base}/{path.removesuffix('index.html')}" if base not in ("", DEFAULT_BASE_URL) else ""


def warned(report: Report | SiteWords, text: Text) -> Text:
    """Return a statement with what must stand before every one about invented or worthless money."""
    if report.demo:
        return say("Demo data. {statement}", statement=text)
    if report.network == "main":
        return text
    return say("Test network {network}. {statement}", network=report.network, statement=text)


def one_line(text: str) -> str:
    """Return a title of others as one line of plain text."""
    return " ".join(shortened(clean(text)).split())


def uuid_of(*names: str) -> str:
    """Return the same UUID for the same names, ever (RFC 9562, version 8)."""
    digits = sha256("\0".join(names).encode()).hexdigest()
    parts = (digits[:8], digits[8:12], f"8{digits[13:16]}", f"a{digits[17:20]}", digits[20:32])
    return "-".join(parts)
