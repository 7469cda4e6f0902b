"""What verification found: named checks, each ok, failed, or not checked with its reason."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import msgspec

from generator.snapshot import Result
from generator.snapshot.clock import TOLERANCE
from generator.verify.verdict import WordSums

SCHEMA: Final = 1
#: Problems of one check that are kept word for word; `found` counts them all.
MOST_PROBLEMS: Final = 20
LONGEST_PROBLEM: Final = 500  #: letters of one


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one named check found in everything it applies to."""

    step: str = ""  #: manifest, schemas, log, evidence, figures, proof, rebuild, online
    name: str
    result: Result
    compared: int = 0  #: how many things were looked at
    found: int = 0  #: how many problems
    problems: tuple[str, ...] = ()  #: the first of them, one sentence each
    asked: tuple[str, ...] = ()  #: addresses of the servers whose answers were compared
    reason: str = ""  #: why it was not checked
    wanted: bool = False  #: not checked, although it should have been: the verification is incomplete


class VerificationResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of every check of one site, in the order in which they were made."""

    schema: int = SCHEMA
    subject: str  #: the address or folder that was verified
    as_of: datetime | None = None  #: of the last run that the log speaks of
    age_s: int | None = None  #: from then until somebody verified, by that machine's clock
    snapshot: str = ""
    network: str = ""
    demo: bool = False
    checks: tuple[CheckResult, ...] = ()
    raised: WordSums | None = None  #: None where the log gives no report, and where a check failed

    @property
    def mismatch(self) -> bool:
        """Whether something is not what it claims to be."""
        return bool(self.failed)

    @property
    def incomplete(self) -> bool:
        """Whether something could not be looked at that should have been."""
        return any(check.wanted for check in self.checks)

    @property
    def failed(self) -> tuple[str, ...]:
        """The names of the checks that failed."""
        return tuple(check.name for check in self.checks if check.result is Result.FAILED)


def checked(name: str, problems: Iterable[str], compared: int) -> CheckResult:
    """Return a check that is ok unless there are problems."""
    found = iter(problems)
    first = tuple(map(_shown, islice(found, MOST_PROBLEMS)))
    return CheckResult(
        name=name,
        result=Result.FAILED if first else Result.OK,
        compared=compared,
        found=len(first) + sum(1 for _ in found),
        problems=first,
    )


def _shown(problem: str) -> str:
    """Return a problem without what a terminal would obey; names and words in it are a stranger's."""
    cut = problem if len(problem) <= LONGEST_PROBLEM else f"{problem[: LONGEST_PROBLEM - 1]}…"
    plain = cut.replace("\u202f", " ")  # between the digits of our own numbers
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in plain)


def at_age(verified: VerificationResult, age: timedelta) -> VerificationResult:
    """Return a verification with the site's age; of one that lies ahead nobody knows what is due or old."""
    checks = verified.checks
    if age < -TOLERANCE and not verified.demo:
        reason = "the site is as of a time ahead of this computer's clock: one of the two is wrong"
        clock = msgspec.structs.replace(unchecked("clock", reason, wanted=True), step="log")
        checks = (*checks, clock)
    return msgspec.structs.replace(verified, age_s=int(age.total_seconds()), checks=checks)


def unchecked(name: str, reason: str, *, wanted: bool = False) -> CheckResult:
    """Return a check that was not made; `wanted` when it should have been."""
    return CheckResult(name=name, result=Result.NOT_CHECKED, reason=_shown(reason), wanted=wanted)
