"""From the founder's key to the project's identifier and address, per network.

``DerivationOperations.cs``: the double SHA-256 of the founder key gives the index
of one BIP-32 step below Angor's root key; the child's key hash is the project.
"""

from dataclasses import dataclass
from enum import StrEnum

from generator.protocol.angor.curve import (
    child_key,
    decode_program,
    encode_program,
    hash160,
    is_point,
    sha256d,
)

IDENTIFIER_PREFIX = "angor"
_MAIN_ROOT = (
    "xpub661MyMwAqRbcGNxKe9aFkPisf3h32gHLJm8f9XAqx8FB1Nk6KngCY8hkhGqxFr2Gyb6yfUaQVbodxLoC1f3K5"
    "HU9LM1CXE59gkEXSGCCZ1B"
)
_TEST_ROOT = (
    "tpubD8JfN1evVWPoJmLgVg6Usq2HEW9tLqm6CyECAADnH5tyQosrL6NuhpL9X1cQCbSmndVrgLSGGdbRqLfUbE6cR"
    "qUbrHtDJgSyQEY2Uu7WwTL"
)
_PROGRAM_BYTES = 20


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


def project_hash(founder_key: str, network: str, *, derivation: Derivation = Derivation.CURRENT) -> bytes:
    """Return the 20 bytes that identifier and address of a founder's project share."""
    return hash160(child_key(NETWORKS[network].root_key, project_index(founder_key, derivation)))


def identifier_of(founder_key: str, network: str, *, derivation: Derivation = Derivation.CURRENT) -> str:
    """Return the project identifier (``angor1q…``) of a founder key; raise `KeyProblem`."""
    return encode_program(IDENTIFIER_PREFIX, project_hash(founder_key, network, derivation=derivation))


def hash_of(identifier: str) -> bytes:
    """Return the 20 bytes of an identifier; raise `KeyProblem`."""
    program = decode_program(IDENTIFIER_PREFIX, identifier)
    if program is None or len(program) != _PROGRAM_BYTES or identifier != identifier.lower():
        msg = f"{identifier!r} is not a project identifier: expected angor1q and 20 bytes in bech32"
        raise KeyProblem(msg)
    return program


def address_of(identifier: str, network: str) -> str:
    """Return the address that receives a project's fees; raise `KeyProblem`."""
    return encode_program(NETWORKS[network].hrp, hash_of(identifier))


def project_script(identifier: str) -> bytes:
    """Return the output script of a project's address, the same on every network."""
    return b"\x00\x14" + hash_of(identifier)


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
