"""The second half of the job: a report from the log, and its site in the output folder."""

import os
from pathlib import Path

from generator import pages, publish, report, store
from generator.cli.exit_codes import Exit
from generator.cli.site_content import content_of
from generator.cli.site_folder import SiteFolder
from generator.cli.summary import markdown, partly, plain
from generator.cli.terminal import Terminal
from generator.report import Report


def report_of(site: SiteFolder, snapshot: str | None = None) -> Report:
    """Return the report of a site's log, or of an older snapshot of it; the start of an id is enough."""
    if snapshot is not None:
        ids = [line.run.snapshot for line in store.snapshots(site.log)]
        snapshot = next((name for name in reversed(ids) if snapshot and name.startswith(snapshot)), snapshot)
    return report.build(store.load(site.log, snapshot), site.config, demo=site.demo)


def render_site(terminal: Terminal, site: SiteFolder) -> Report:
    """Render the log into the output folder, swapped in whole; return the report."""
    built = report_of(site)
    files = pages.render(built, content_of(site.root, site.log))
    published = publish.publish(site.output, files, report=built)
    size = f"{published.size / 2**20:.1f} MB"
    if published.nearly_full:
        terminal.warn(
            f"the site is {size}; GitHub Pages refuses more than 1 GB: report fewer projects in one site"
        )
    state = "unchanged" if not published.changed else "written"
    terminal.log(f"Site {os.path.relpath(site.output)}: {len(files)} files, {size}, {state}.")
    return built


def publish_site(terminal: Terminal, site: SiteFolder, *, strict: bool, summary: Path | None) -> Exit:
    """Render, and say what was published and how fresh it is; the exit code tells whether all is well."""
    built = render_site(terminal, site)
    for line in plain(built):
        terminal.log(line)
    missing = partly(built)
    for line in missing:
        terminal.warn(line)
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
            file.write(terminal.clean(markdown(built, terminal.warnings)))
    terminal.result(f"Open {os.path.relpath(site.output / 'index.html')}")
    if strict and terminal.warnings:
        return Exit.WARNED
    return Exit.PARTLY if missing else Exit.DONE
