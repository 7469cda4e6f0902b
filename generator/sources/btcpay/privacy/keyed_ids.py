"""Ids that stand for payments under ``rows: payment``: a keyed hash of what BTCPay calls them; pure."""

import hmac
from dataclasses import dataclass, field

from generator.errors import ConfigError, Problem

_ID_BYTES = 16


def keyed_id(key: bytes, private_id: str) -> str:
    """Make a payment's published id: HMAC-SHA256 of ``store ‖ 0 ‖ payment``, first 128 bits, hex."""
    return hmac.digest(key, private_id.encode(), "sha256")[:_ID_BYTES].hex()


def fingerprint(key: bytes) -> str:
    """Make what the log may hold of the key, so that another key is noticed before ids are doubled."""
    return hmac.digest(key, b"sunlit id key", "sha256").hex()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedIds:
    """Makes ids, and learns in `renamed` which id another key would make of each."""

    key: bytes = field(repr=False)
    next_key: bytes | None = field(default=None, repr=False)
    renamed: dict[str, str] = field(default_factory=dict, repr=False)  #: id by `key` → id by `next_key`

    @property
    def fingerprint(self) -> str:
        """What the log may hold of the key."""
        return fingerprint(self.key)

    def make(self, private_id: str) -> str:
        """Make the id of a payment or refund."""
        made = keyed_id(self.key, private_id)
        if self.next_key is not None:
            self.renamed[made] = keyed_id(self.next_key, private_id)
        return made


def check_key(ids: KeyedIds | None, logged: str | None) -> None:
    """Raise `ConfigError` without a key, or with another one than that whose fingerprint is `logged`."""
    if ids is None:
        problem = "rows: payment needs a secret key for ids: set SUNLIT_ID_KEY"
    elif logged not in (None, ids.fingerprint):
        problem = (
            "SUNLIT_ID_KEY is not the key that made the ids in the log: "
            "restore it, make the ids again with `sunlit migrate --rekey`, "
            "or use privacy.rows: day, which needs none"
        )
    else:
        return
    raise ConfigError(Problem(path="privacy.rows", message=problem, code="id-key"))
