"""From the claims of a proof to the findings of the log."""

from dataclasses import dataclass

from generator.protocol.proof.checked_claims import CheckedClaims
from generator.snapshot import Finding


@dataclass(slots=True, kw_only=True)
class ProjectFindings(CheckedClaims):
    """The claims about one project, and their form in the log."""

    source: str
    project: str  #: slug

    @property
    def findings(self) -> list[Finding]:
        """One finding a claim, named ``<check>/<subject>``."""
        return [
            Finding(
                id=f"{claim.check}/{claim.subject}",
                source=self.source,
                project=self.project,
                check=claim.check,
                subject=claim.subject,
                result=claim.result,
                reason=claim.reason,
            )
            for claim in self.claims
        ]
