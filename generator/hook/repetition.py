"""The same sentence many times is said twice: when it first comes, and how often it came again."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

#: Different sentences at once; what goes beyond is one more.
_KINDS: Final = 50


@dataclass(slots=True)
class Repetition:
    """Says a sentence at once, and every `every_s` seconds how often it came again."""

    say: Callable[[str], None]
    every_s: float = 600.0
    _came: Counter[str] = field(default_factory=Counter)

    def __call__(self, text: str) -> None:
        """Say it, or count it; in the event loop's thread."""
        kind = text if text in self._came or len(self._came) < _KINDS else "other problems came as well"
        self._came[kind] += 1
        if self._came[kind] == 1:
            self.say(kind)
            asyncio.get_running_loop().call_later(self.every_s, self._sum, kind)

    def close(self) -> None:
        """Say all counts now."""
        for kind in tuple(self._came):
            self._sum(kind)

    def _sum(self, kind: str) -> None:
        more = self._came.pop(kind, 0) - 1
        if more > 0:
            self.say(f"{kind} ({more:,} more times)")


@contextmanager
def collected(say: Repetition, *loggers: str) -> Iterator[None]:
    """Say the first line of what libraries log as wrong while the block runs, instead of a traceback each."""

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kind = record.exc_info[0] if record.exc_info else None
            text = record.getMessage().partition("\n")[0]
            say(f"{text} ({kind.__name__})" if kind else text)

    handler = Collector(logging.WARNING)
    before = {name: logging.getLogger(name).propagate for name in loggers}
    for name in loggers:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).propagate = False
    try:
        yield
    finally:
        for name, propagate in before.items():
            logging.getLogger(name).removeHandler(handler)
            logging.getLogger(name).propagate = propagate
