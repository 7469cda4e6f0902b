"""The log as a report: what every command that states figures begins with, and no page is needed for."""

import dataclasses

from generator import inputs, report, store
from generator.cli.site_folder import SiteFolder
from generator.report import Report
from generator.report.place_owners import PlaceOwners
from generator.report.remembered_projects import ProjectMemory
from generator.report.unlisted_stores import without_let_go
from generator.snapshot import Known


def report_of(site: SiteFolder, snapshot: str | None = None, memory: ProjectMemory | None = None) -> Report:
    """Return the report of a site's log, or of an older snapshot of it; the start of an id is enough."""
    if snapshot is not None:
        ids = [line.run.snapshot for line in store.snapshots(site.log)]
        snapshot = next((name for name in reversed(ids) if snapshot and name.startswith(snapshot)), snapshot)
    known = store.load(site.log, snapshot)
    if snapshot is not None:
        known = without_let_go(known, store.load(site.log), PlaceOwners.of(site.config))
    return report_from(known, site, memory)


def report_from(known: Known, site: SiteFolder, memory: ProjectMemory | None = None) -> Report:
    """Return the report of a log that was read."""
    built = report.build(known, site.config, demo=site.demo, memory=memory)
    editions = inputs.editions(site.editions)
    return dataclasses.replace(built, editions=tuple(editions.values()))
