"""The secrets a founder's or investor's wallet derives; a report never needs them, a sandbox does.

``DerivationOperations.cs``. Every path but the founder's own holds the index of
the project (`generator.angor.keys.project_index`), so a wallet has one investor
key per project.
"""

from dataclasses import dataclass
from typing import Self

from embit import bip32, bip39

from generator.angor.keys import project_index


@dataclass(frozen=True, slots=True, repr=False)
class Wallet:
    """A BIP-32 root; secrets are 32 bytes. It does not show itself."""

    _root: bip32.HDKey

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the wallet of a BIP-32 seed of 16 to 64 bytes."""
        return cls(bip32.HDKey.from_seed(seed))

    @classmethod
    def from_mnemonic(cls, words: str, passphrase: str = "") -> Self:
        """Return the wallet of a BIP-39 mnemonic."""
        return cls.from_seed(bip39.mnemonic_to_seed(words, passphrase))

    def founder_secret(self, number: int) -> bytes:
        """Return the founder secret of the wallet's n-th project, counted from 1."""
        return self._secret(f"m/5h/{number}h")

    def recovery_secret(self, founder_key: str) -> bytes:
        """Return the secret a founder signs recoveries with."""
        return self._secret(f"m/5h/0h/{project_index(founder_key)}h/1h")

    def lead_secret(self, founder_key: str) -> bytes:
        """Return the secret a seeder reveals when leaving."""
        return self._secret(f"m/5h/0h/{project_index(founder_key)}h/2h")

    def investor_secret(self, founder_key: str) -> bytes:
        """Return the secret this wallet invests in a project with."""
        return self._secret(f"m/5h/0h/{project_index(founder_key)}h/3h")

    def nostr_secret(self, founder_key: str) -> bytes:
        """Return the secret a founder signs the project's events with."""
        return self._secret(f"m/44h/1237h/{project_index(founder_key)}h/0/0")

    def _secret(self, path: str) -> bytes:
        return bytes(self._root.derive(path).secret)
