"""What a page says first where no money is real: that it is a demo, or coins of a test network."""

from selectolax.lexbor import LexborHTMLParser

from generator.verify.page_reader import read_page
from generator.verify.plain_text import as_seen

#: What the warning stands in, on pages and on cards for other sites.
_WHERE = ".demo"


def warning_in(ours: str) -> str:
    """Return the sentence of warning of a page; empty where it has none."""
    found = LexborHTMLParser(ours).css_first(_WHERE)
    return _squeezed(found.text()) if found is not None else ""


def lacks_warning(text: str, ours: str) -> bool:
    """Tell whether a page shows nowhere the warning that ours has."""
    warning = warning_in(ours)
    passages = (passage for passage in read_page(text).passages if not any(part.in_head for part in passage))
    shown = (_squeezed("".join(part.text for part in passage)) for passage in passages)
    return bool(warning) and not any(warning in line for line in shown)


def _squeezed(text: str) -> str:
    return " ".join(as_seen(text).split())
