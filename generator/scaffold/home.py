"""Where Sunlit itself stands on GitHub: what a new report's workflow calls, and where its documents are."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from generator import REPOSITORY, __version__

_HOME: Final = re.compile(r"([\w.-]+/[\w.-]+?)(?:@([\w./-]+))?")
_GIT: Final = re.compile(r"(?:https|ssh)://(?:git@)?github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
#: In place of the owner, until the first release writes it into `generator/__init__.py`.
_NOBODY: Final = "OWNER/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A repository with Sunlit's workflow, at one version of it."""

    repository: str  #: owner/name
    ref: str  #: tag or commit
    released: bool = False  #: what the package index has by its version

    @property
    def known(self) -> bool:
        """Tell whether anybody said whose repository it is."""
        return not self.repository.startswith(_NOBODY)

    @property
    def docs(self) -> str:
        """Address of the folder of its documents, as they are at this version."""
        return f"https://github.com/{self.repository}/blob/{self.ref}/docs"

    @property
    def requirement(self) -> str:
        """What installs this Sunlit with all that a maintainer needs to look at a report."""
        if self.released:
            return f"sunlit[sandbox,serve]=={self.ref.removeprefix('v')}"
        return f"sunlit[sandbox,serve] @ git+https://github.com/{self.repository}@{self.ref}"


#: What a release says of itself.
RELEASED: Final = Home(
    repository=REPOSITORY, ref=f"v{__version__}", released=not REPOSITORY.startswith(_NOBODY)
)


def home_in(text: str) -> Home:
    """Return what OWNER/NAME or OWNER/NAME@REF means; raise `ValueError` with a sentence if not."""
    found = _HOME.fullmatch(text.strip())
    if found is None:
        such = f"OWNER/NAME@VERSION such as village/sunlit@{RELEASED.ref}"
        msg = f"{text!r} is no repository of Sunlit, expected {such}"
        raise ValueError(msg)
    return Home(repository=found[1], ref=found[2] or RELEASED.ref)


def installed_from(direct_url: str | None) -> Home:
    """Return where a package came from, by its ``direct_url.json``: a commit on GitHub, else the release."""
    told: dict[str, Any] = json.loads(direct_url or "{}")
    commit = told.get("vcs_info", {}).get("commit_id", "")
    found = _GIT.fullmatch(told.get("url", ""))
    return Home(repository=found[1], ref=commit) if found and commit else RELEASED
