"""How well sources answered, as whoever watched the first run would note it."""

from collections.abc import Iterable

from generator.sandbox.worth import Value


def first_day(sources: Iterable[str]) -> dict[str, Value]:
    """Return a first run's days and failures: one day on which each source answered, and nothing missing."""
    noted: dict[str, Value] = {"days_answered": 1, "days_missing": 0, "runs_failed": 0}
    return {f"{name}@{source}": value for source in sources for name, value in noted.items()}
