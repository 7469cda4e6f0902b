"""The icons of a page: a sprite at its beginning holds the shape of each one that the page uses."""

import re
from functools import lru_cache
from typing import Final

_SPRITE: Final = '<svg class="sprite"'
_END: Final = "</svg>"
_USED: Final = re.compile('href="#([^"]+)"')
_SYMBOL: Final = re.compile(r'<symbol id="([^"]+)".*?</symbol>\n?', re.DOTALL)
#: Sets of icons whose shapes are kept: pages of a kind use the same.
_MOST: Final = 64


def with_used_icons(html: str) -> str:
    """Return a page whose sprite has no shape that nothing on it uses; a page has a handful of them."""
    start = html.find(_SPRITE)
    end = html.find(_END, start)
    if start < 0 or end < 0:
        return html
    sprite = html[start:end]
    return html[:start] + _shapes(sprite, _names(sprite).intersection(_USED.findall(html))) + html[end:]


@lru_cache(_MOST)
def _names(sprite: str) -> frozenset[str]:
    return frozenset(_SYMBOL.findall(sprite))


@lru_cache(_MOST)
def _shapes(sprite: str, used: frozenset[str]) -> str:
    return _SYMBOL.sub(lambda symbol: symbol[0] if symbol[1] in used else "", sprite)
