"""What a page says first where no money is real: that it is a demo, or coins of a test network."""

from typing import Final

from selectolax.lexbor import LexborHTMLParser

from generator.verify.page_lines import squeezed
from generator.verify.page_reader import read_page

#: What the warning stands in, on pages and on cards for other sites.
_WHERE: Final = ".demo"


def warning_in(ours: str) -> str:
    """Return the sentence of warning of a page; empty where it has none."""
    found = LexborHTMLParser(ours).css_first(_WHERE)
    return squeezed(found.text()) if found is not None else ""


def lacks_warning(text: str, ours: str) -> bool:
    """Tell whether a page shows nowhere the warning that ours has."""
    warning = warning_in(ours)
    passages = (passage for passage in read_page(text).passages if not any(part.in_head for part in passage))
    shown = (squeezed("".join(part.text for part in passage)) for passage in passages)
    return bool(warning) and not any(warning in line for line in shown)
