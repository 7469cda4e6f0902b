"""All steps over one site; a step without ground to stand on says so instead of guessing."""

from collections.abc import Sequence

from generator.verify.published_site import Installation, PublishedSite
from generator.verify.results import VerificationResult
from generator.verify.site_copy import SiteCopy
from generator.verify.steps import STEPS, VerificationStep


def verify(
    copy: SiteCopy, installation: Installation, steps: Sequence[VerificationStep] = STEPS
) -> VerificationResult:
    """Return the result of every check; `STEPS` ask nothing of the network."""
    site = PublishedSite.read(copy, installation)
    last = site.log.last
    return VerificationResult(
        subject=copy.subject,
        snapshot=last.snapshot if last else "",
        network=last.network if last else "",
        demo=bool(last and last.demo),
        checks=tuple(result for step in steps for result in step.run(site)),
    )
