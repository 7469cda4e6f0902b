"""Who acts: every key of a person comes from one secret, along the paths Angor's wallet uses."""

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Final

from embit.bip32 import HDKey

from generator.protocol.angor.project_identifier import project_index
from generator.protocol.bitcoin import sha256d
from generator.protocol.curve import public_key, public_xonly

_HARDENED: Final = 0x8000_0000


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A person of the sandbox; the same seed and name give the same keys."""

    seed: int
    name: str
    _root: HDKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        entropy = sha256(f"{self.seed}/{self.name}".encode()).digest()
        object.__setattr__(self, "_root", HDKey.from_seed(entropy))

    @cached_property
    def coin_secret(self) -> bytes:
        """The secret of the person's own wallet."""
        return self._secret(84, 1, 0)

    @cached_property
    def founder_secret(self) -> bytes:
        """What a founder signs claims with (``m/5'/n'``): one project a person, so n is 1."""
        return self._secret(5, 1)

    @cached_property
    def founder_key(self) -> str:
        """The key that names the founder's project, 33 bytes in hex."""
        return public_key(self.founder_secret).hex()

    @cached_property
    def recovery_secret(self) -> bytes:
        """What a founder signs recoveries with (``m/5'/0'/project'/1'``)."""
        return self._secret(5, 0, project_index(self.founder_key), 1)

    @cached_property
    def nostr_secret(self) -> bytes:
        """What a founder signs events with (``m/44'/1237'/project'/0/0``)."""
        node = self._node(44, 1237, project_index(self.founder_key))
        return bytes(node.child(0).child(0).key.serialize())

    @cached_property
    def nostr_pubkey(self) -> str:
        """The founder's Nostr key for the project, x-only in hex."""
        return public_xonly(self.nostr_secret).hex()

    def investor_secret(self, founder_key: str) -> bytes:
        """Return what an investor signs with (``m/5'/0'/project'/3'``): one key a project."""
        return self._secret(5, 0, project_index(founder_key), 3)

    def lead_secret(self, founder_key: str) -> bytes:
        """Return the secret a lead investor may reveal (``m/5'/0'/project'/2'``)."""
        return self._secret(5, 0, project_index(founder_key), 2)

    def lead_hash(self, founder_key: str) -> str:
        """Return the hash of the lead investor's secret, in the byte order of the chain."""
        return sha256d(self.lead_secret(founder_key)).hex()

    def _secret(self, *path: int) -> bytes:
        return bytes(self._node(*path).key.serialize())

    def _node(self, *path: int) -> HDKey:
        node = self._root
        for step in path:
            node = node.child(step | _HARDENED)
        return node
