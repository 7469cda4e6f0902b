"""What the log says of runs that count no more, such as one whose clock was wrong.

Their lines stay where they are and nobody folds them. The word is the publisher's: nothing
that is published shows that such a run was wrong.
"""

from collections.abc import Iterable
from typing import ClassVar

from generator.errors import LogError
from generator.ledger import Observation
from generator.origin import Origins, fields
from generator.places import VOIDS


class VoidedRun(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="voided_run"):
    """A run that does not count; `id` is the run's, `source` is ``voids``. It is never taken back."""

    ORIGINS: ClassVar[Origins] = {VOIDS: fields(derived="id source", publisher="reason")}

    reason: str  #: the maintainer's, published


def voiding(name: str, runs: Iterable[str], voided: Iterable[str], reason: str) -> VoidedRun:
    """Return the record that voids a run of the log, whose `runs` count and whose `voided` do not.

    Raise `LogError` for a run that is voided already, not known, or the only one.
    """
    there = list(runs)
    if name in voided:
        msg = f"run {name} was voided before; nothing is to be done"
        raise LogError(msg)
    if name not in there:
        last = f"the last one is {there[-1]}; content/snapshots/runs lists all" if there else "it has none"
        msg = f"the log has no run {name!r}: {last}"
        raise LogError(msg)
    if len(there) == 1:
        msg = f"run {name} is the only one that counts: move content/snapshots away and take a new snapshot"
        raise LogError(msg)
    return VoidedRun(id=name, source=VOIDS, reason=reason)
