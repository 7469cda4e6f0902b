"""The icons of a page: a sprite at its beginning holds the shape of each one that the page uses."""

import re
from typing import Final

_SPRITE: Final = '<svg class="sprite"'
_END: Final = "</svg>"
_USED: Final = re.compile('href="#([^"]+)"')
_SYMBOL: Final = re.compile(r'<symbol id="([^"]+)".*?</symbol>\n?', re.DOTALL)


def with_used_icons(html: str) -> str:
    """Return a page whose sprite has no shape that nothing on it uses; a page has a handful of them."""
    start = html.find(_SPRITE)
    end = html.find(_END, start)
    if start < 0 or end < 0:
        return html

    used = set(_USED.findall(html))
    shapes = _SYMBOL.sub(lambda symbol: symbol[0] if symbol[1] in used else "", html[start:end])
    return html[:start] + shapes + html[end:]
