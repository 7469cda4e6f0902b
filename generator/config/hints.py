"""A helping hand for typing mistakes."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

LONGEST_SHOWN: Final = 48
#: A backslash as a sign that nothing escapes.
_SHOWN: Final = {"\\": "\N{REVERSE SOLIDUS OPERATOR}"}


def hint(word: str, allowed: Iterable[str]) -> str:
    """Return ``, did you mean 'x'?`` when something allowed is close, else nothing."""
    close = nearest(word, allowed)
    return f", did you mean {close!r}?" if close and close != word else ""


def nearest(word: str, allowed: Iterable[str], cutoff: float = 0.6) -> str:
    """Return what of the allowed is closest, whatever its capitals and hyphens; empty for nothing close."""
    plain = {_plain(name): name for name in allowed}
    close = get_close_matches(_plain(word), plain, n=1, cutoff=cutoff)
    return plain[close[0]] if close else ""


def quoted(text: str) -> str:
    """Return what somebody wrote for a sentence: shortened, and without letters that cannot be seen."""
    shown = "".join(_SHOWN.get(letter, letter) if letter.isprintable() else "·" for letter in text)
    return f"'{shown}'" if len(shown) <= LONGEST_SHOWN else f"'{shown[: LONGEST_SHOWN - 1]}…'"


def _plain(word: str) -> str:
    return str(word).casefold().replace("-", "_")
