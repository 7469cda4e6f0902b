"""Pages as tests compare them."""

import re


def without_terms(html: str) -> str:
    """Return a page without the links of words of trade, which may stand at any first use."""
    return re.sub(r'<a class="term"[^>]*>(.*?)</a>', r"\1", html)
