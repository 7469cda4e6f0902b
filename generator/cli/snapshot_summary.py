"""What a snapshot says in the summary of a job: what each source answered in this run."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from generator.cli.terminal import Terminal
from generator.text_format import age_text, counted, time_text

if TYPE_CHECKING:
    from generator.cli.site_folder import SiteFolder
    from generator.snapshot import Run
    from generator.snapshot.batch import Batch

#: Without a recorded run for so long, runs were lacking, and not only news.
_SILENT: Final = timedelta(hours=48)


def silence(runs: "Sequence[Run]", at: datetime, refresh_hours: int) -> Iterator[str]:
    """Yield a sentence if before a run at `at` none was recorded for longer than quiet ones explain."""
    if runs and at - runs[-1].at > max(_SILENT, 2 * timedelta(hours=refresh_hours)):
        yield (
            f"No run was recorded for {age_text(at - runs[-1].at)}, since {time_text(runs[-1].at)}. What "
            "happened meanwhile is read now. GitHub switches a schedule off after 60 days without activity "
            "in a public repository, and in every new fork: look under Actions whether the workflow is "
            "disabled, or let `sunlit doctor --github` tell."
        )


def tell_snapshot(terminal: Terminal, site: "SiteFolder", batch: "Batch") -> None:
    """Append to the summary what this run met, failures first: of each source its own reason of today."""
    if terminal.summary is None:
        return
    from generator import store
    from generator.alerts import outages
    from generator.cli.job_summary import add_summary
    from generator.cli.source_lines import source_lines
    from generator.cli.sources_table import failing, table
    from generator.report.health.source_states import source_states
    from generator.report.run_changes import changes_of
    from generator.snapshot import Run
    from generator.text_format import in_line

    known = store.load(site.log)
    run = Run(id=batch.run, source="runs", at=batch.at, network=batch.network, asked=batch.asked)
    runs = (*known.runs, run)
    wrong = list(failing(outages(runs, site.config), source_lines(site)))
    quiet = silence(known.runs, batch.at, site.config.publish.refresh_hours)
    wrong += [f"- {in_line(sentence)}" for sentence in (*quiet, *terminal.warnings)]
    states = source_states(site.config, runs, batch.at)
    changes = changes_of(batch.records, known.records.get)
    head = f"## Snapshot of {batch.at:%Y-%m-%d %H:%M} UTC: {counted(len(batch.records), 'new record')}"
    parts = [
        head,
        "",
        *(["### To look at", "", *wrong, ""] if wrong else []),
        *table(states, changes),
        "",
        "",
    ]
    add_summary(terminal, "\n".join(parts))
