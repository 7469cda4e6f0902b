"""The part of matplotlib that sets text, imported alone: the rest takes a tenth of a small build."""

import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Final

_LIBRARY: Final = "matplotlib"
_PART: Final = "matplotlib.ft2font"


def import_font_part() -> None:
    """Have whoever imports the part from now on get it without the library around it.

    It needs nothing of that, and whoever imports the library later finds it there. Where it cannot be
    imported alone nothing is done: then the library is imported as a whole by whoever needs the part.
    """
    whole = None if _PART in sys.modules else find_spec(_LIBRARY)
    part = PathFinder.find_spec(_PART, whole.submodule_search_locations) if whole else None
    if part is None or part.loader is None:
        return
    sys.modules[_PART] = module_from_spec(part)
    try:
        part.loader.exec_module(sys.modules[_PART])
    except ImportError:
        del sys.modules[_PART]
