"""What a snapshot says in the summary of a job: what each source answered in this run."""

from typing import TYPE_CHECKING

from generator.cli.terminal import Terminal
from generator.text_format import counted

if TYPE_CHECKING:
    from generator.cli.site_folder import SiteFolder
    from generator.snapshot.batch import Batch


def tell_snapshot(terminal: Terminal, site: "SiteFolder", batch: "Batch") -> None:
    """Append to the summary what this run met, failures first: of each source its own reason of today."""
    if terminal.summary is None:
        return
    from generator import store
    from generator.alerts import outages
    from generator.cli.job_summary import add_summary
    from generator.cli.source_lines import source_lines
    from generator.cli.sources_table import failing, table
    from generator.markdown_text import in_line
    from generator.report.health.source_states import source_states
    from generator.report.run_changes import changes_of
    from generator.snapshot import Run

    known = store.load(site.log)
    run = Run(id=batch.run, source="runs", at=batch.at, network=batch.network, asked=batch.asked)
    runs = (*known.runs, run)
    wrong = list(failing(outages(runs, site.config), source_lines(site)))
    wrong += [f"- {in_line(warning)}" for warning in terminal.warnings]
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
