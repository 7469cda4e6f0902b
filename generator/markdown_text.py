"""Words of others in Markdown that GitHub shows: as code, in which nothing is a link, a name or a picture."""

import re
from typing import Final

from generator.config.positions import MASK
from generator.config.secret_shapes import value_secrets
from generator.text_format import clean, shortened

_ADDRESS: Final = re.compile(r"(https?://[^\s/?#]+)[^\s]*")


def code_text(text: str, most: int = 400) -> str:
    """Return a text as code in one line, which may stand in a table; empty for an empty one.

    What looks like a secret is masked, and of an address only the host stays: a path may be a token.
    """
    text = masked(" ".join(clean(text).split()))
    text = shortened(_ADDRESS.sub(r"\1/…", text), most).replace("`", "'").replace("|", "\\|").strip()
    return f"`{text}`" if text else ""


def masked(text: str) -> str:
    """Return a text without what looks like a secret."""
    for found in sorted(value_secrets(text), key=lambda secret: -len(secret.text)):
        text = text.replace(found.text, MASK)
    return text
