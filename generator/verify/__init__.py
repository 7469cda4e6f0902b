"""Re-verification of a published site: from its bytes alone, or with the visitor's own servers.

Checks are pure functions over bytes; only `site_reader` opens files and `online_check`
asks servers. `steps` is the table of all of them.
"""

from generator.verify.published_site import Installation, PublishedSite
from generator.verify.results import CheckResult, VerificationResult
from generator.verify.site_copy import SiteCopy
from generator.verify.steps import STEPS, VerificationStep, online_step, verify
