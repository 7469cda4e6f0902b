"""Everything that can go wrong, named by who must act.

SunlitError
├── ConfigError        the maintainer corrects config.yaml or the environment
├── SourceError        something we read from
│   ├── Unavailable    not reached or not allowed; the last observations still stand
│   └── Invalid        it answered, and the answer is wrong; never fall back silently
├── LogError           the snapshot log on disk is damaged or of an unknown schema
├── ClockError         this machine's clock, or that of the log's last run, is not everyone's
├── LockHeld           another run writes the same log
├── NothingPublishable no source answered and nothing is recorded yet
├── NoRepository       nobody said which repository on GitHub is meant
├── OutputRefused      the site may not be written where it was told to
└── WorkersRefused     nobody whom a Dask scheduler knows can make pages for this site
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


class SunlitError(Exception):
    """The root of what Sunlit raises on purpose; its text is one plain sentence for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault of the configuration, with its place in the file."""

    path: str  #: dotted place in the document, such as ``projects[0].slug``
    message: str  #: what is wrong, what is allowed, and the next step
    file: str = "config.yaml"
    line: int = 1  #: counted from 1
    column: int = 1  #: counted from 1
    code: str = "config"  #: short stable word, such as ``unknown-key``
    severity: Severity = "error"  #: a warning stops nothing

    def __str__(self) -> str:
        mark = "warning: " if self.severity == "warning" else ""
        return f"{self.file}:{self.line}:{self.column}: {mark}{self.message}"


class ConfigError(SunlitError):
    """The configuration or the environment it names is wrong; carries *all* problems, and warnings apart."""

    def __init__(self, *problems: Problem, warnings: tuple[Problem, ...] = ()) -> None:
        self.problems = problems
        self.warnings = warnings
        super().__init__("\n".join(str(problem) for problem in problems))


class SourceError(SunlitError):
    """A source could not be read; says which one."""

    def __init__(self, source: str, message: str) -> None:
        self.source = source
        self.message = message
        super().__init__(f"{source}: {message}")


class Unavailable(SourceError):
    """The source could not be reached or refused us; its last observations still stand."""


class Invalid(SourceError):
    """The source answered and the answer is wrong; its last observations still stand and this is shown."""


class LogError(SunlitError):
    """A file of the snapshot log cannot be read as what it claims to be."""


class ClockError(SunlitError):
    """A clock is wrong: ours, or the one that the last run of the log went by."""


class LockHeld(SunlitError):
    """Another run holds the lock of this log."""


class NothingPublishable(SunlitError):
    """No source answered and the log is empty: there is nothing true to publish."""


class OutputRefused(SunlitError):
    """The site may not be written there: too large, a foreign folder, or a disk that refuses."""


class NoRepository(SunlitError):
    """Nobody said which repository on GitHub is meant."""


class WorkersRefused(SunlitError):
    """The Dask scheduler is away, or has no worker whose pages would be ours."""
