"""What a run says at its end: for a terminal, and for the job's summary page."""

from collections.abc import Iterator
from datetime import timedelta

from generator.money import sat_text
from generator.report import Report, SourceState


def plain(report: Report) -> Iterator[str]:
    """Yield one line for the report and one for each source."""
    raised = report.figures["raised"].value
    told = f"{sat_text(raised)} sat raised" if isinstance(raised, int) else "raised is not known yet"
    count = len(report.projects)
    projects = "1 project" if count == 1 else f"{count} projects"
    yield f"As of {report.as_of:%d %b %Y, %H:%M} UTC: {projects}, {told}; snapshot {report.snapshot[:12]}."
    for state in report.sources:
        counts = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in state.counts.items())
        yield f"  {state.label}: {state.outcome or 'never asked'}{f' ({counts})' if counts else ''}"


def partly(report: Report) -> list[str]:
    """Return a sentence for each source that is stale, failed or was never reached."""
    return [_missing(state) for state in report.sources if state.stale or state.outcome != "ok"]


def _missing(state: SourceState) -> str:
    why = f" ({state.message})" if state.message else ""
    if state.data_at is None:
        return f"{state.label} never answered{why}: its numbers are missing, not zero"
    return f"{state.label} did not answer{why}: its numbers are {_age(state.age)} old"


def _age(age: timedelta | None) -> str:
    hours = int(age.total_seconds() // 3600) if age else 0
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"  # noqa: PLR2004 -- two days


def markdown(report: Report, warnings: list[str]) -> str:
    """Return the job summary: a table of sources, then warnings."""
    rows = [
        f"| {state.label} | {state.outcome or 'never asked'} | "
        f"{_age(state.age) if state.data_at else 'no data yet'} | {_cell(state.message)} |"
        for state in report.sources
    ]
    raised = report.figures["raised"].value
    total = f"{sat_text(raised)} sat" if isinstance(raised, int) else "not known yet"
    head = f"**As of {report.as_of:%Y-%m-%d %H:%M} UTC: {total} raised, {len(report.projects)} projects**"
    lines = [
        "## Sunlit",
        "",
        head,
        "",
        "| source | outcome | age | message |",
        "|---|---|---|---|",
        *rows,
        "",
    ]
    return "\n".join(
        [*lines, *(f"- {_cell(warning)}" for warning in warnings), f"\nSnapshot `{report.snapshot}`", ""]
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
