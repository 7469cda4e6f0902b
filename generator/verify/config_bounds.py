"""How many values a published configuration may have, decided before any library reads it."""

from typing import Any, Final

from generator.config.positions import MOST_VALUES

#: Ten of each that a file may have: what a file leaves out is published, too.
MOST_CONFIG_VALUES: Final = 10 * MOST_VALUES


def is_bounded(config: dict[str, Any]) -> bool:
    """Tell whether a configuration has no more values than a file may have, with the defaults."""
    waiting: list[Any] = [config]
    for _ in range(MOST_CONFIG_VALUES):
        if not waiting:
            return True
        value = waiting.pop()
        waiting += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return False
