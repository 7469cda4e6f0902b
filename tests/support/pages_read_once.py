"""A page that many tests look at is read once in a process; the product remembers the last one alone.

As a plugin of pytest it stands between `read_page` and all who call it, before a test imports the name.
"""

import sys
from functools import lru_cache

from generator.verify import page_reader

#: Pages of a few small sites.
_MOST = 256


def _remembered() -> None:
    forgetful = page_reader.read_page
    remembered = lru_cache(maxsize=_MOST)(forgetful.__wrapped__)
    for name, module in list(sys.modules.items()):
        if name.startswith("generator.verify") and getattr(module, "read_page", None) is forgetful:
            setattr(module, "read_page", remembered)  # noqa: B010 -- a name of each module that imported it


_remembered()
