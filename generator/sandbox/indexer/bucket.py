"""A host's quota for one client, as a token bucket (public-servers.md 1.5)."""

from dataclasses import dataclass

from generator.sandbox.indexer.quirks import Quota


@dataclass(slots=True)
class Bucket:
    """How much of a limit is left; times are seconds of the server's clock."""

    left: float | None = None  #: None before the first request
    seen_at: float = 0.0
    banned_until: float = 0.0

    def refuses(self, quota: Quota, now: float) -> bool:
        """Take one request out of the bucket; tell whether there was none left."""
        filled = quota.burst if self.left is None else self.left + (now - self.seen_at) * quota.per_s
        self.left, self.seen_at = min(float(quota.burst), filled), now
        if now < self.banned_until:
            return True
        if self.left < 1:
            self.banned_until = now + quota.ban_s
            return True
        self.left -= 1
        return False
