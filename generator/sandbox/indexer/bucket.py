"""A host's quota for one client, as a token bucket (network.md 1.5)."""

from dataclasses import dataclass

from generator.sandbox.indexer.quirks import Limit


@dataclass(slots=True)
class Bucket:
    """How much of a limit is left; times are seconds of the server's clock."""

    left: float | None = None  #: None before the first request
    seen_at: float = 0.0
    banned_until: float = 0.0

    def refuses(self, limit: Limit, now: float) -> bool:
        """Take one request out of the bucket; tell whether there was none left."""
        filled = limit.burst if self.left is None else self.left + (now - self.seen_at) * limit.per_s
        self.left, self.seen_at = min(float(limit.burst), filled), now
        if now < self.banned_until:
            return True
        if self.left < 1:
            self.banned_until = now + limit.ban_s
            return True
        self.left -= 1
        return False
