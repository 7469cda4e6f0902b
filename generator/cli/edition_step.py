"""The months that are over, frozen: each has one file, made once and never again."""

from typing import TYPE_CHECKING

from generator.cli.terminal import Terminal

if TYPE_CHECKING:
    from generator.cli.site_folder import SiteFolder


def freeze_due_months(terminal: Terminal, site: "SiteFolder") -> list[str]:
    """Make the edition of each month that ended two days before the last run and has none yet; return these.

    Of a month before whose end no money is known to have moved there is none.
    """
    from generator import store
    from generator.atomic import write_whole
    from generator.cli.report_step import report_of
    from generator.report.editions import edition_of
    from generator.report.statements.edition import Edition, due_months, encode_edition

    taken = store.snapshots(site.log)
    if not taken:
        return []
    months = due_months({path.stem for path in site.editions.glob("*.json")}, taken[-1].run.at)
    if not months:
        return []
    frozen = []
    report = report_of(site)
    for document in (edition_of(report, month) for month in months):
        if not document.figures:
            continue
        edition = Edition(encode_edition(document), document)
        write_whole(site.editions / f"{document.month}.json", [edition.data])
        terminal.log(f"Edition {document.month}: frozen, SHA-256 {edition.sha256}.")
        frozen.append(document.month)
    return frozen
