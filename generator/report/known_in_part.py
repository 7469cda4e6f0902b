"""Which projects are known in part, and nobody has accepted that: what a run ends with 3 for."""

from collections.abc import Iterator, Sequence
from typing import Final

from generator.places import UNASSIGNED, angor_place
from generator.report.census import CensusRow
from generator.report.figures.bounds import Bound
from generator.report.model import ProjectReport, Report
from generator.report.store_account import StoreShare
from generator.snapshot import Cause

#: Sums that every project has; one that a configuration does not ask for is unknown, which is no news.
_SUMS: Final = ("raised", "pending", "refunded")
_UNREAD: Final = "refunds-read"  #: says that payouts were asked for and not read
_NAMED: Final = 5
#: Findings, and what they mean for projects that the configuration lists. Of a discovered one its page
#: alone says so: words decide about no sum, and no stranger's words may end a network's every run with 3.
_CHECKS: Final = {
    "profile": "The founder's newest words could not be read: {}; older ones or none are shown",
    "app-known": (
        "BTCPay shows no app or request of the id that config.yaml has for: {}; what came in there is not "
        "known. Does its store stand under stores, and is the id the one in the app's settings, or in "
        "the request's address? sunlit doctor says more"
    ),
    "settings-read": "The crowdfund's settings could not be read: {}; the store's page says why",
}


def lines_in_part(report: Report) -> Iterator[str]:
    """Yield sentences that name the projects of which something could not be read, or counted."""
    accepted = {item.place for item in report.config.accepted}
    unread = [row for row in report.census.unread if not row.accepted]
    for cause in dict.fromkeys(row.cause for row in unread):
        yield from _unread([row for row in unread if row.cause is cause])
    told = {row.slug for row in unread}
    asked = [
        project
        for project in report.projects
        if project.slug not in told
        and not accepted & {project.slug, project.identifier, angor_place(project.identifier)}
    ]
    listed = {setting.slug for setting in report.config.projects}
    for check, why in _CHECKS.items():
        yield from _line(why, [row.slug for row in asked if row.slug in listed and _says(row, check)])
    why = "Known in part: {}; sums are at least or at most what is shown, and the notes of each page say why"
    yield from _line(why, [project.slug for project in asked if _in_part(project, report)])


def _unread(rows: Sequence[CensusRow]) -> Iterator[str]:
    """Name projects that are unread for one cause; who only waits for a turn needs no accepting."""
    names = [row.name for row in rows]
    if rows[0].cause is Cause.BUDGET:
        yield (
            f"The run ended before the turn of: {_named(names)}; sums are at least what is shown, and the "
            "next run goes on. If two runs in a row name the same, give them more time (--budget) or an "
            "indexer that answers faster"
        )
        return
    reason = f" ({rows[0].reason})".replace("{", "{{").replace("}", "}}") if rows[0].reason else ""
    yield from _line(f"Not read: {{}}{reason}; sums are at least what is shown", names)


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _line(why: str, slugs: Sequence[str]) -> Iterator[str]:
    if slugs:
        named = why.format(_named(slugs))
        yield f"{named}. To accept it, add to accepted in config.yaml: {{place: {slugs[0]}, reason: …}}"


def _says(project: ProjectReport, check: str) -> bool:
    return any(finding.check == check for finding in project.findings)


def _in_part(project: ProjectReport, report: Report) -> bool:
    if _says(project, _UNREAD) or project.ledger_sums.unknown_status:
        return True  # whatever was accepted of doubtful money
    doubt = {finding.source for finding in project.findings if finding.check == UNASSIGNED}
    if doubt and all(share.accepted for share in _unassigned(report, doubt)):
        return False
    return any(project.figures[name].bound in (Bound.AT_LEAST, Bound.AT_MOST) for name in _SUMS)


def _unassigned(report: Report, sources: set[str]) -> list[StoreShare]:
    return [account.shares[-1] for account in report.stores if account.state.name in sources]
