"""Every message in other letters: a language that nobody speaks, and that leaves no word out."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from tools.messages import messages

#: Placeholders and markup.
_KEPT: Final = re.compile(r"(\{\w+\}|%\(\w+\)s|<[^>]*>|&#?\w+;)")


def respelled(letter: Callable[[str], str]) -> Mapping[str, tuple[str, ...]]:
    """Return the messages of a language, each letter of the English ones replaced."""
    found = {}
    for message in messages():
        forms = (message.id,) if isinstance(message.id, str) else message.id
        key = f"{message.context}\x04{forms[0]}" if message.context else forms[0]
        found[key] = tuple(_spelled(form, letter) for form in forms)
    return found


def _spelled(text: str, letter: Callable[[str], str]) -> str:
    parts = _KEPT.split(text)
    return "".join(
        part if at % 2 else re.sub(r"[^\W\d_]", lambda match: letter(match[0]), part)
        for at, part in enumerate(parts)
    )
