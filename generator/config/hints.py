"""A helping hand for typing mistakes."""

from collections.abc import Iterable
from difflib import get_close_matches


def hint(word: str, allowed: Iterable[str]) -> str:
    """Return ``, did you mean 'x'?`` when something allowed is close, else nothing."""
    close = get_close_matches(str(word), list(allowed), n=1)
    return f", did you mean {close[0]!r}?" if close else ""
