"""What a proof claims, each claim with the check that was made of it and how it ended."""

from dataclasses import dataclass, field
from enum import StrEnum


class Result(StrEnum):
    """How a check ended."""

    OK = "ok"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """The result of one named check on one subject."""

    check: str  #: ``event-signature``, ``founding-commitment``, ``stage-scripts`` …
    subject: str  #: project identifier, event id, txid, or ``txid/vin``
    result: Result
    reason: str = ""  #: observed and expected, one sentence, for failed and not checked


@dataclass(slots=True, kw_only=True)
class CheckedClaims:
    """The claims about one project, in the order of the checks."""

    claims: list[CheckedClaim] = field(default_factory=list)

    def note(self, check: str, subject: str, result: Result, reason: str = "") -> None:
        """Add one claim."""
        self.claims.append(CheckedClaim(check=check, subject=subject, result=result, reason=reason))

    def expect(self, check: str, subject: str, problem: str | None) -> bool:
        """Add a claim that is ok unless there is a problem; return whether it is ok."""
        self.note(check, subject, Result.FAILED if problem else Result.OK, problem or "")
        return not problem
