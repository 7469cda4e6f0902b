"""Which projects are known in part, and nobody has accepted that: what a run ends with 3 for."""

from collections.abc import Iterator
from typing import Final

from generator.places import UNASSIGNED
from generator.report.figures.bounds import Bound
from generator.report.model import ProjectReport, Report
from generator.report.store_accounts import StoreShare

#: Sums that every project has; one that a configuration does not ask for is unknown, which is no news.
_SUMS: Final = ("raised", "pending", "refunded")
_NAMED: Final = 5


def lines_in_part(report: Report) -> Iterator[str]:
    """Yield a sentence that names the projects whose sums are at least, or at most, what is shown."""
    found = [project.slug for project in report.projects if _in_part(project, report)]
    if found:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        yield (
            f"Known in part: {', '.join(found[:_NAMED])}{more}; sums are at least or at most what is shown, "
            "and the notes of each page say why. To accept it, add to accepted in config.yaml: "
            f"{{place: {found[0]}, reason: …}}"
        )


def _in_part(project: ProjectReport, report: Report) -> bool:
    accepted = {item.place for item in report.config.accepted}
    if accepted & {project.slug, project.identifier}:
        return False
    doubt = {finding.source for finding in project.findings if finding.check == UNASSIGNED}
    if doubt and all(share.accepted for share in _unassigned(report, doubt)):
        return False
    return any(project.figures[name].bound in (Bound.AT_LEAST, Bound.AT_MOST) for name in _SUMS)


def _unassigned(report: Report, sources: set[str]) -> list[StoreShare]:
    return [account.shares[-1] for account in report.stores if account.state.name in sources]
