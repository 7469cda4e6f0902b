"""The sources of a run in Markdown: first those that fail, with what to do, then all of them in a table."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from generator.alerts.issue_text import STEPS, title
from generator.alerts.outage import Outage
from generator.cli.job_summary import CONFIG_LINK
from generator.markdown_text import code_text
from generator.money import sat_text
from generator.report import SourceState
from generator.report.run_changes import SourceChange
from generator.text_format import age_text, counted, time_text


def failing(outages: Sequence[Outage], lines: Mapping[str, int]) -> Iterator[str]:
    """Yield an item of a list for each source that fails: what, since when, what to do, where."""
    for outage in outages:
        runs = counted(outage.failed, "recorded run")
        line = lines.get(outage.source)
        where = f" [config.yaml, line {line}{CONFIG_LINK}{line})" if line else ""
        yield (
            f"- **{title(outage)}** since {time_text(outage.since)}, in {runs}: {code_text(outage.message)}. "
            f"{_numbers(outage.age)} {STEPS[outage.kind]}{where}"
        )


def table(states: Sequence[SourceState], changes: Mapping[str, SourceChange]) -> list[str]:
    """Return the lines of a table: outcome, age of the data, what the run brought, the message."""
    head = ["source", "outcome", "age", "rows", "received", "contradicted", "message"]
    rows = [
        [
            state.label,
            "closed, not asked" if state.closed else state.outcome or "never asked",
            age_text(state.age) if state.age is not None else "no data yet",
            *_brought(changes.get(state.name, SourceChange())),
            code_text(state.message),
        ]
        for state in states
    ]
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def _brought(change: SourceChange) -> tuple[str, str, str]:
    sign = "+" if change.msat > 0 else ""
    return str(change.rows), f"{sign}{sat_text(change.msat)} sats", str(change.failed)


def _numbers(age: timedelta | None) -> str:
    return (
        "It has no numbers yet: missing, not zero."
        if age is None
        else f"Its numbers are {age_text(age)} old."
    )
