"""Who acts: every key of a person comes from one secret, along the paths Angor's wallet uses."""

import hmac
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final, NamedTuple

from generator.protocol.angor.project_identifier import project_index
from generator.protocol.bitcoin import sha256d
from generator.protocol.curve import add_secrets, public_key, public_xonly

_HARDENED: Final = 0x8000_0000


class Node(NamedTuple):
    """A private key of a tree of keys (BIP-32): no more than paths need, and a tenth of embit's time."""

    secret: bytes  #: 32 bytes
    chain_code: bytes  #: 32 bytes

    @classmethod
    def root(cls, entropy: bytes) -> "Node":
        """Return the root of a tree."""
        return cls._of(hmac.digest(b"Bitcoin seed", entropy, "sha512"))

    def child(self, index: int) -> "Node":
        """Return a child; from 2³¹ on it is a hardened one."""
        parent = b"\0" + self.secret if index >= _HARDENED else public_key(self.secret)
        tweak = self._of(hmac.digest(self.chain_code, parent + index.to_bytes(4), "sha512"))
        return tweak._replace(secret=add_secrets(self.secret, tweak.secret))

    @classmethod
    def _of(cls, digest: bytes) -> "Node":
        return cls(digest[:32], digest[32:])


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A person of the sandbox; the same seed and name give the same keys."""

    seed: int
    name: str

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
        return node.child(0).child(0).secret

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
        return self._node(*path).secret

    def _node(self, *path: int) -> Node:
        node = Node.root(sha256(f"{self.seed}/{self.name}".encode()).digest())
        for step in path:
            node = node.child(step | _HARDENED)
        return node
