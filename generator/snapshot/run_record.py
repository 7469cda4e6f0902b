"""What a run asked, how that ended, and the state of the log after it."""

from enum import StrEnum
from typing import ClassVar, Final

import msgspec

from generator.ledger import Observation
from generator.number_bounds import Moment, Whole, refuse_far
from generator.origin import Origins, fields
from generator.places import RUNS


class Outcome(StrEnum):
    """How asking one source ended."""

    OK = "ok"
    UNAVAILABLE = "unavailable"
    INVALID = "invalid"
    REFUSED = "refused"  #: the plausibility gate quarantined it


#: In `Asked.reads`: up to what a source had read again that reads everything over several runs.
UNDER_WAY: Final = "full_to"


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one source answered in a run."""

    ORIGINS: ClassVar[Origins] = {RUNS: fields(derived="source", publisher="outcome message counts reads")}

    source: str
    outcome: Outcome
    message: str = ""  #: redacted, one sentence
    counts: dict[str, Whole] = {}  #: such as ``foreign_events``, ``malformed_transactions``, ``invoices``
    reads: dict[str, str] = {}  #: state a source keeps for its next run, such as ``reread_from``

    @property
    def why_not(self) -> str:
        """Why it did not answer, empty where it did."""
        return "" if self.outcome is Outcome.OK else self.message


class FileState(msgspec.Struct, frozen=True, kw_only=True):
    """A log file at a run: relative path, byte length and hash of those bytes."""

    ORIGINS: ClassVar[Origins] = {RUNS: fields(derived="path length sha256")}

    path: str
    length: Whole
    sha256: str


class Run(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="run"):
    """A run record; `id` is the run id, `source` is ``runs``.

    `files` names only the files that changed since the run record before;
    `snapshot` is the hash of the full list.
    """

    ORIGINS: ClassVar[Origins] = {
        RUNS: fields(
            derived="source at files snapshot network",
            publisher="id asked demo bound",  # an id is its time, which is compared, and a salt
            indexer="tip_height",
        )
    }

    at: Moment
    asked: tuple[Asked, ...] = ()
    files: tuple[FileState, ...] = ()
    snapshot: str = ""
    network: str = ""
    demo: bool = False
    tip_height: Whole | None = None
    bound: str = ""  #: hash of what the run's configuration bound each place to

    def __post_init__(self) -> None:
        refuse_far(f"run {self.id}", self.at)
