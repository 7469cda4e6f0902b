"""From the founder's key to the project's identifier and address, per network.

``DerivationOperations.cs``: the double SHA-256 of the founder key gives the index
of one BIP-32 step below Angor's root key; the child's key hash is the project.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from embit.bip32 import HDKey

from generator.protocol.bitcoin import MalformedData, sha256d
from generator.protocol.bitcoin.script import is_p2wpkh, script_of_address, segwit_address
from generator.protocol.curve import is_point
from generator.protocol.hashes import hash160

IDENTIFIER_PREFIX = "angor"
_MAIN_ROOT = (
    "xpub661MyMwAqRbcGNxKe9aFkPisf3h32gHLJm8f9XAqx8FB1Nk6KngCY8hkhGqxFr2Gyb6yfUaQVbodxLoC1f3K5"
    "HU9LM1CXE59gkEXSGCCZ1B"
)
_TEST_ROOT = (
    "tpubD8JfN1evVWPoJmLgVg6Usq2HEW9tLqm6CyECAADnH5tyQosrL6NuhpL9X1cQCbSmndVrgLSGGdbRqLfUbE6cR"
    "qUbrHtDJgSyQEY2Uu7WwTL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What differs between the networks projects live on."""

    name: str  #: as our configuration calls it
    hrp: str  #: bech32 prefix of its addresses
    root_key: str  #: Angor's extended public key there
    project_name: str  #: `networkName` in projects of this network


#: ``NetworkConfiguration.cs``; the private root of the test networks is public knowledge.
NETWORKS = {
    network.name: network
    for network in (
        Network(name="main", hrp="bc", root_key=_MAIN_ROOT, project_name="Main"),
        Network(name="angornet", hrp="tb", root_key=_TEST_ROOT, project_name="Angornet"),
        Network(name="signet", hrp="tb", root_key=_TEST_ROOT, project_name="Signet"),
        Network(name="testnet4", hrp="tb", root_key=_TEST_ROOT, project_name="Testnet4"),
        Network(name="regtest", hrp="bcrt", root_key=_TEST_ROOT, project_name="Regtest"),
    )
}


class Derivation(StrEnum):
    """How the founder key becomes an index."""

    CURRENT = "current"  #: since 2024-11-29 (be9b3e52d): the low 31 bits
    HALVED = "halved"  #: before: the low 32 bits, divided by two


class KeyProblem(ValueError):
    """A founder key or a project identifier is not what it should be."""


def project_index(founder_key: str, derivation: Derivation = Derivation.CURRENT) -> int:
    """Return the BIP-32 index of a founder key; raise `KeyProblem`."""
    low = int.from_bytes(sha256d(_point(founder_key))[:4], "little")
    match derivation:
        case Derivation.CURRENT:
            return low & 0x7FFFFFFF
        case Derivation.HALVED:
            return low // 2


def identifier_of(founder_key: str, network: str, *, derivation: Derivation = Derivation.CURRENT) -> str:
    """Return the project identifier (``angor1q…``) of a founder key; raise `KeyProblem`."""
    child = child_key(NETWORKS[network].root_key, project_index(founder_key, derivation))
    return segwit_address(0, hash160(child), IDENTIFIER_PREFIX)


@lru_cache(maxsize=1024)
def project_script(identifier: str) -> bytes:
    """Return the output script of a project's address, the same on every network; raise `KeyProblem`."""
    try:
        script = script_of_address(identifier, IDENTIFIER_PREFIX)
    except MalformedData:
        script = b""
    if not is_p2wpkh(script) or identifier != identifier.lower():
        msg = f"{identifier!r} is not a project identifier: expected angor1q and 20 bytes in bech32"
        raise KeyProblem(msg)
    return script


def address_of(identifier: str, network: str) -> str:
    """Return the address that receives a project's fees; raise `KeyProblem`."""
    return segwit_address(0, project_script(identifier)[2:], NETWORKS[network].hrp)


def derivation_of(founder_key: str, identifier: str, network: str) -> Derivation | None:
    """Return how a founder key leads to an identifier on a network, or None when it does not."""
    for derivation in Derivation:
        if identifier_of(founder_key, network, derivation=derivation) == identifier:
            return derivation
    return None


def _point(founder_key: str) -> bytes:
    try:
        key = bytes.fromhex(founder_key)
    except ValueError:
        key = b""
    if not is_point(key):
        msg = f"{founder_key!r} is not a compressed public key: expected 66 hex digits of a curve point"
        raise KeyProblem(msg)
    return key


def child_key(extended_key: str, index: int) -> bytes:
    """Return the 33-byte key one step of BIP-32 below an extended public key; `index` is below 2³¹."""
    return bytes(_parsed(extended_key).child(index).sec())


@lru_cache(maxsize=8)
def _parsed(extended_key: str) -> HDKey:
    return HDKey.from_string(extended_key)
