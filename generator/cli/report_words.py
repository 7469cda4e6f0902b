"""What a command says of a report: a line for each source, warnings, and the summary of a job."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from generator.alerts import outages
from generator.build.cache import SiteSummary
from generator.catalogues import untranslated
from generator.cli.source_sentences import told_of
from generator.cli.sources_table import failing, table
from generator.config import Config
from generator.inputs import NOTES
from generator.language import english
from generator.pages import Content, text_faults
from generator.pages.own_texts import own_texts
from generator.report import Report, SourceState
from generator.report.annotations import annotations
from generator.report.known_in_part import lines_in_part
from generator.report.portfolio_notes import UNRECORDED
from generator.report.run_changes import changes_in
from generator.report.trace.explain import value_text
from generator.report.unassigned_money import unassigned_lines
from generator.snapshot import Known


def words_of(
    report: Report, content: Content, known: Known, config: Config, lines: Mapping[str, int]
) -> SiteSummary:
    """Return everything that is said of a report and of the maintainer's texts.

    `known` is the log that the report was made from, `lines` where each source stands in config.yaml.
    """
    lasting = outages(known.runs, config)
    fails = {outage.source for outage in lasting}
    return SiteSummary(
        texts=(
            *map(str, text_faults(content.pages, content.static, report.config.site.languages)),
            *_nobodys(report, content),
            *map(str, untranslated(content.languages.values())),
        ),
        lines=tuple(plain(report)),
        missing=tuple(partly(report)),
        notes=tuple(english(note.text) for note in report.notes if note.id == UNRECORDED),
        head=_head(report),
        wrong=tuple(failing(lasting, lines)),
        detailed=tuple(_missing(state) for state in report.sources if state.name in fails),
        table=tuple(table(report.sources, changes_in(known, report.run))),
        snapshot=report.snapshot,
    )


def _nobodys(report: Report, content: Content) -> Iterator[str]:
    """Yield which texts and notes name a project that has no page, so that nobody finds them."""
    slugs = {project.slug for project in report.projects}
    named = [
        (f"content/pages/{text.name}.md", text.project)
        for text in own_texts(content, report.config.site.languages)
    ]
    named += [(NOTES, note.project) for note in annotations(content.notes, report.config.site.languages)]
    for file, slug in dict.fromkeys(named):
        if slug and slug not in slugs:
            yield f"{file}: the report has no project {slug}: nothing shows it; correct its slug"


def plain(report: Report) -> Iterator[str]:
    """Yield one line for the report and one for each source."""
    raised = report.figures["raised"]
    told = "raised is not known yet" if raised.value is None else f"{value_text(raised)} raised"
    count = len(report.projects)
    projects = "1 project" if count == 1 else f"{count} projects"
    yield f"As of {report.as_of:%d %b %Y, %H:%M} UTC: {projects}, {told}; snapshot {report.snapshot[:12]}."
    for state in report.sources:
        yield f"  {state.label}: {told_of(state)}"


def partly(report: Report) -> list[str]:
    """Return a sentence for each source that is stale, failed or was never reached, and each doubtful sum."""
    stale = [
        _missing(state)
        for state in report.sources
        if (state.stale or (state.outcome != "ok" and not state.closed)) and not _is_accepted(state, report)
    ]
    return [*stale, *unassigned_lines(report.stores), *lines_in_part(report)]


def _is_accepted(state: SourceState, report: Report) -> bool:
    """Tell whether somebody wrote that this source was never read, and why."""
    return state.data_at is None and state.name in {gap.place for gap in report.config.accepted}


def _missing(state: SourceState) -> str:
    why = f" ({state.message})" if state.message else ""
    if state.data_at is None:
        return (
            f"{state.label} never answered{why}: its numbers are missing, not zero. To accept it, add to "
            f"accepted in config.yaml: {{place: {state.name}, reason: …}}"
        )
    return f"{state.label} did not answer{why}: its numbers are {_age(state.age)} old"


def _age(age: timedelta | None) -> str:
    hours = int(age.total_seconds() // 3600) if age else 0
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"  # noqa: PLR2004 -- two days


def _head(report: Report) -> str:
    """Return the head of the job summary: as of when, and what was raised."""
    raised = report.figures["raised"]
    total = "not known yet" if raised.value is None else value_text(raised)
    head = f"**As of {report.as_of:%Y-%m-%d %H:%M} UTC: {total} raised, {len(report.projects)} projects**"
    return f"## Sunlit\n\n{head}\n"
