"""What evidence cannot tell of the rows of the chain, named with how much it is."""

from collections.abc import Iterable, Iterator

from generator.config import Config
from generator.ledger import Entry, Verification
from generator.money import sat_text
from generator.report.figures.sums import contributions
from generator.snapshot import Project
from generator.text_format import counted
from generator.verify.results import CheckResult, unchecked


def never_checked(hidden: list[str], rows: list[str]) -> Iterator[CheckResult]:
    """Yield what nobody can derive: of hidden projects, and rows that were taken back."""
    if hidden:
        reason = f"moderators hide {counted(len(hidden), 'project')}, such as {hidden[0]}"
        yield unchecked("hidden-projects", f"{reason}: in no figure, and their events are not published")
    if rows:
        reason = f"{len(rows)} rows or checks were taken back though their evidence stands, such as {rows[0]}"
        yield unchecked("rows-withdrawn", f"{reason}; only the chain itself can tell")


def unlisted(projects: Iterable[Project], config: Config) -> Iterator[CheckResult]:
    """Yield which projects were read and stand on no page, where a configuration lists its own."""
    listed = {setting.angor for setting in config.projects}
    left = [project.id for project in projects if project.identifier not in listed]
    if left and config.angor.discover != "all":
        reason = f"the log has {counted(len(left), 'project')} that the configuration does not list, such as"
        yield unchecked("projects-unlisted", f"{reason} {left[0]}: its money is on no page and in no sum")


def reported(entries: Iterable[Entry]) -> Iterator[CheckResult]:
    """Yield how much counts although no header and branch show its block."""
    rows = [entry for entry in contributions(entries) if entry.verification is Verification.REPORTED]
    if rows:
        reason = f"{counted(len(rows), 'row')} of investments, such as {rows[0].id}, "
        reason += f"{sat_text(sum(entry.amount_msat for entry in rows))} sat"
        yield unchecked("rows-reported", f"{reason}: by an indexer's word, no block was shown to hold them")


def redacted_projects(places: list[str]) -> Iterator[CheckResult]:
    """Yield how many projects were not derived because their definition was taken down."""
    if places:
        reason = f"the definition of {counted(len(places), 'project')} was redacted, such as {places[0]}: "
        yield unchecked(
            "redacted-projects", f"{reason}its terms and rows cannot be derived again", wanted=True
        )
