"""Plain links to where money can be given: the source itself, and only while it takes some."""

from typing import Final
from urllib.parse import urlsplit

import msgspec

from generator.report import ProjectReport, ProjectStatus, Report
from generator.sentence import Sentence, say

#: Where Angor shows a project that is on the main network; its test networks have no page to send donors to.
HUB: Final = "https://hub.angor.io/project/"
_CLOSED: Final = frozenset({ProjectStatus.ENDED, ProjectStatus.UPCOMING})


class WayToGive(msgspec.Struct, frozen=True, kw_only=True):
    """One link."""

    label: Sentence
    url: str
    staged: bool  #: money is released in stages

    @property
    def host(self) -> str:
        """Whose page it opens."""
        return urlsplit(self.url).hostname or ""


def ways_to_give(report: Report, project: ProjectReport) -> tuple[WayToGive, ...]:
    """Return where a project takes money now; nothing where it is over, or has not begun."""
    over = project.terms.ended or (project.ends_at is not None and project.today is None)
    if over or project.status in _CLOSED:
        return ()
    found = []
    if project.identifier and report.network == "main":
        label = say("Invest in the Angor app")
        found.append(WayToGive(label=label, url=HUB + project.identifier, staged=True))
    own = next((setting.give for setting in report.config.projects if setting.slug == project.slug), None)
    if own:
        found.append(WayToGive(label=say("Give at the source"), url=own, staged=False))
    return tuple(found)
