"""Re-verification of a published site: from its bytes alone, or with the visitor's own servers.

Checks are pure functions over bytes; only `reading` opens files and `online`
asks servers.
"""

from generator.verify.outcome import Check, Outcome
from generator.verify.rebuild import Workshop
from generator.verify.site_copy import Copy
from generator.verify.whole import ground, verify

__all__ = ["Check", "Copy", "Outcome", "Workshop", "ground", "verify"]
