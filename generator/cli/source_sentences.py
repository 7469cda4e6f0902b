"""What became of one source in the last run, in a maintainer's words."""

from typing import Final

from generator.report import SourceState
from generator.snapshot import Outcome
from generator.text_format import counted, time_text

#: Counts of a run record that say what was read → one of them in words.
_READ: Final = {
    "projects": "project",
    "transactions": "transaction",
    "investments": "investment",
    "invoices": "invoice",
    "payments": "payment",
}
#: Counts of a run record that say what could not be used; how its name begins.
_DOUBTFUL: Final = (
    "ambiguous",
    "failed",
    "malformed",
    "missing",
    "refused",
    "unanswered",
    "unknown",
    "unread",
)


def told_of(state: SourceState) -> str:
    """Say what was asked and read, since when, and what to do where it was not."""
    since = "" if state.data_at is None else time_text(state.data_at)
    if state.closed:
        kept = f"; its numbers are of {since}" if since else ""
        return f"closed in config.yaml, so it is not asked any more{kept}."
    if state.outcome is None:
        return "not asked yet; `sunlit build` asks it."
    if state.outcome is Outcome.OK:
        return f"read on {since}{_read(state)}.{_doubtful(state)}"
    numbers = f"its numbers stay those of {since}" if since else "its numbers are missing, not zero"
    if state.outcome is Outcome.REFUSED:
        return f"answered, and what it said is held back until you have looked at it; {numbers}."
    return f"not read this time; {numbers}. `sunlit doctor` says what is wrong there."


def _read(state: SourceState) -> str:
    found = [counted(state.counts[name], word) for name, word in _READ.items() if state.counts.get(name)]
    asked = state.counts.get("requests", 0)
    by = f" with {counted(asked, 'question')}" if asked else ""
    return by + (f": {', '.join(found)}" if found else "")


def _doubtful(state: SourceState) -> str:
    found = [
        f"{count} {name.replace('_', ' ').removesuffix('s' if count == 1 else '')}"
        for name, count in state.counts.items()
        if name.startswith(_DOUBTFUL)
    ]
    return f" Not counted: {', '.join(found)}; the report's page /health/ says more." if found else ""
