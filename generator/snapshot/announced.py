"""What became of each announced project of a network: its line in the census."""

from enum import StrEnum
from typing import ClassVar, Final

from generator.ledger import Observation
from generator.number_bounds import Moment, Whole
from generator.origin import Origins, fields
from generator.places import ANGOR

#: Key in `Asked.reads`: the projects whose history one indexer alone told, or that there are too many.
UNWITNESSED: Final = "unwitnessed"
#: The same of those that are only announced: one indexer alone said that nothing founds them.
UNFOUNDED_ALONE: Final = "unfounded_alone"
ALL_UNWITNESSED: Final = "*"


class Census(StrEnum):
    """What a run knows of an announced project."""

    READ = "read"
    UNREAD = "unread"  #: money may be there that no sum has
    UNFOUNDED = "unfounded"  #: only announced: no transaction founds it, so that nobody can have paid
    UNKNOWN_TERMS = "unknown_terms"  #: founded, and nothing says by what terms money could be locked


class Cause(StrEnum):
    """Why a project is unread."""

    HISTORY = "history"  #: no server lists its address to the end
    BYTES = "bytes"  #: no server shows a transaction that pays it, or where that stands
    INVESTMENTS = "investments"  #: what became of its investments could not be read
    EVENT = "event"  #: no relay has the event that its founding commits to
    HIDDEN = "hidden"  #: what was recorded is not shown again, and not shown to be gone
    BUDGET = "budget"  #: the run ended before its turn


class Announced(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="announced"):
    """One project of the network, or of the configuration, in the census; `id` is its place."""

    ORIGINS: ClassVar[Origins] = {
        ANGOR: fields(derived="id source", indexer="outcome cause reason at_most_msat", publisher="since")
    }

    outcome: Census
    cause: Cause | None = None  #: of an unread one
    reason: str = ""  #: the same in one sentence, for all but read ones
    since: Moment  #: when a run first asked for it
    at_most_msat: Whole | None = None  #: the most that can have been raised, None where nothing says
