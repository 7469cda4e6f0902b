"""The second half of the job: a report from the log, its site on disk, and what is said of it."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Final

from generator import inputs, pages, publish, report, schemas, store
from generator.cli.exit_codes import Exit
from generator.cli.site_folder import SiteFolder
from generator.cli.terminal import Terminal
from generator.errors import ConfigError, Problem
from generator.pages import Content
from generator.report import Report, SourceState
from generator.report.known_in_part import lines_in_part
from generator.report.place_owners import PlaceOwners
from generator.report.portfolio_notes import UNRECORDED
from generator.report.trace.explain import value_text
from generator.report.unassigned_money import unassigned_lines
from generator.report.unlisted_stores import without_let_go
from generator.sources.btcpay.state_table import STATES


def plain(report: Report) -> Iterator[str]:
    """Yield one line for the report and one for each source."""
    raised = report.figures["raised"]
    told = "raised is not known yet" if raised.value is None else f"{value_text(raised)} raised"
    count = len(report.projects)
    projects = "1 project" if count == 1 else f"{count} projects"
    yield f"As of {report.as_of:%d %b %Y, %H:%M} UTC: {projects}, {told}; snapshot {report.snapshot[:12]}."
    for state in report.sources:
        counts = ", ".join(_count(number, name.replace("_", " ")) for name, number in state.counts.items())
        outcome = "closed, asked no more" if state.closed else state.outcome or "never asked"
        yield f"  {state.label}: {outcome}{f' ({counts})' if counts else ''}"


def partly(report: Report) -> list[str]:
    """Return a sentence for each source that is stale, failed or was never reached, and each doubtful sum."""
    stale = [
        _missing(state)
        for state in report.sources
        if state.stale or (state.outcome != "ok" and not state.closed)
    ]
    return [*stale, *unassigned_lines(report.stores), *lines_in_part(report)]


def _count(number: int, name: str) -> str:
    return f"{number} {name.removesuffix('s') if number == 1 else name}"


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
    raised = report.figures["raised"]
    total = "not known yet" if raised.value is None else value_text(raised)
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


#: Libraries whose version decides about the bytes of a site.
LIBRARIES: Final = ("jinja2", "markdown", "markupsafe", "matplotlib", "msgspec", "nh3")


def content_from(
    templates: Mapping[str, bytes], *, pages: Mapping[str, str], log: Mapping[str, bytes]
) -> Content:
    """Return templates, texts and log with what this installation adds to every site."""
    return Content(
        templates=templates,
        pages=pages,
        log=log,
        libraries={name: version(name) for name in LIBRARIES},
        states=[
            (*state, treatment.status, treatment.group, treatment.reason)
            for state, treatment in STATES.items()
        ],
        schemas={
            name: json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"
            for name, document in schemas.documents().items()
        },
    )


def report_of(site: SiteFolder, snapshot: str | None = None) -> Report:
    """Return the report of a site's log, or of an older snapshot of it; the start of an id is enough."""
    if snapshot is not None:
        ids = [line.run.snapshot for line in store.snapshots(site.log)]
        snapshot = next((name for name in reversed(ids) if snapshot and name.startswith(snapshot)), snapshot)
    known = store.load(site.log, snapshot)
    if snapshot is not None:
        known = without_let_go(known, store.load(site.log), PlaceOwners.of(site.config))
    return report.build(known, site.config, demo=site.demo)


def render_site(terminal: Terminal, site: SiteFolder) -> tuple[Report, list[str]]:
    """Render the log into the output folder, swapped in whole; return the report and what went wrong."""
    faults: list[str] = []
    built = report_of(site)
    own, texts, log = inputs.templates(site.root), inputs.pages(site.root), store.prefixes(site.log)
    for problem in pages.text_faults(texts):
        terminal.warn(str(problem))
    content = content_from(own, pages=texts, log=log)
    files = pages.render(built, content, fault=faults.append)
    try:
        published = publish.publish(site.output, files, report=built)
    except Exception as error:
        if (place := pages.fault_place(error)) is None:
            raise
        raise _template_fault(error, *place, root=site.root) from error
    size = f"{published.size / 2**20:.1f} MB"
    if published.nearly_full:
        terminal.warn(
            f"the site is {size}; GitHub Pages refuses more than 1 GB: report fewer projects in one site"
        )
    state = "unchanged" if not published.changed else "written"
    terminal.log(f"Site {os.path.relpath(site.output)}: {published.count} files, {size}, {state}.")
    return built, faults


def _template_fault(error: Exception, file: str, line: int, *, root: Path) -> ConfigError:
    if (root / file).is_file():
        step = "correct it, or take the file away to use Sunlit's own"
    elif (root / "templates").is_dir():
        step = "does one of your own templates lack what this one takes from it?"
    else:
        step = "tell the makers of Sunlit"
    message = f"this template cannot be used ({type(error).__name__}: {error}); {step}"
    return ConfigError(Problem(file=file, line=line, path="", message=message, code="template"))


def publish_site(terminal: Terminal, site: SiteFolder, *, strict: bool, summary: Path | None) -> Exit:
    """Render, and say what was published and how fresh it is; the exit code tells whether all is well."""
    built, faults = render_site(terminal, site)
    for line in plain(built):
        terminal.log(line)
    missing = [*faults, *partly(built)]
    for line in missing:
        terminal.warn(line)
    for note in built.notes:
        if note.id == UNRECORDED:
            terminal.log(f"{note.text} Until then `sunlit verify` calls the site incomplete (6).")
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
            file.write(terminal.clean(markdown(built, terminal.warnings)))
    terminal.result(f"Open {os.path.relpath(site.output / 'index.html')}")
    if strict and terminal.warnings:
        return Exit.WARNED
    return Exit.PARTLY if missing else Exit.DONE
