"""Founder key → index → identifier → address, against every value gathered upstream."""

from typing import Any

import pytest
from embit import bip39
from embit.bip32 import HDKey
from embit.networks import NETWORKS

from generator.protocol import curve
from generator.protocol.angor import project_identifier as keys
from generator.protocol.angor.project_identifier import Derivation, KeyProblem
from tests.support.vectors import angor_vectors

VECTORS = {vector["name"]: vector for vector in angor_vectors()["vectors"]}
WALLETS = [
    (VECTORS[name]["inputs"]["mnemonic"], row)
    for name in ("wallet-derivation-gospel", "wallet-derivation-sorry")
    for row in VECTORS[name]["expected"]
]


def secret(mnemonic: str, path: str) -> bytes:
    """Return what a BIP-39 wallet derives, along the paths of upstream's ``DerivationOperations.cs``."""
    return bytes(HDKey.from_seed(bip39.mnemonic_to_seed(mnemonic)).derive(path).secret)


def test_root_keys() -> None:
    expected = VECTORS["angor-root-xpubs"]["expected"]
    assert keys.NETWORKS["main"].root_key == expected["main"]
    others = {network.root_key for name, network in keys.NETWORKS.items() if name != "main"}
    assert others == {expected["test"]}
    assert list(keys.NETWORKS) == ["main", "angornet", "signet", "testnet4", "regtest"]


def test_documented_project() -> None:
    vector = VECTORS["project-id-03309b10"]
    founder_key, expected = vector["inputs"]["founderKey"], vector["expected"]
    assert keys.project_index(founder_key) == expected["upi"]
    identifier = keys.identifier_of(founder_key, "angornet")
    assert identifier == expected["projectIdentifier"]
    assert keys.project_script(identifier).hex() == "0014" + expected["hash160"]
    assert keys.address_of(identifier, "angornet") == expected["address_test"]
    assert keys.address_of(identifier, "main") == expected["address_main_if_same_hash"]
    # the documents name networkName "Bitcoin", but on main the key leads elsewhere
    assert keys.identifier_of(founder_key, "main") == "angor1qesylue04f90zk2x5g6j94ukdqgta6dc4cmcuy9"
    assert keys.derivation_of(founder_key, identifier, "main") is None


def test_third_documented_project() -> None:
    # the block-core/mempool sample shows its key shortened; index and identifier are whole
    vector = VECTORS["project-id-doc-example"]
    script = keys.project_script(vector["inputs"]["projectIdentifier"])
    assert script.hex() == "0014" + vector["expected"]["witness_program"]


def test_identifier_to_address() -> None:
    vector = VECTORS["project-id-to-address"]
    identifier = vector["inputs"]["projectIdentifier"]
    assert keys.address_of(identifier, "signet") == vector["expected"]["address_test"]
    assert keys.project_script(identifier).hex() == "0014" + vector["expected"]["witness_program"]


def test_a_real_signet_project_and_its_old_derivation() -> None:
    expected = VECTORS["real-signet-creation-tx"]["expected"]
    founder_key = expected["founderKey"]
    assert keys.project_index(founder_key) == expected["upi"]
    assert keys.identifier_of(founder_key, "signet") == expected["projectIdentifier"]
    assert keys.address_of(expected["projectIdentifier"], "signet") == expected["address"]
    stale = expected["upstream_test_expected_projectId_STALE"]
    assert (
        keys.project_index(founder_key, Derivation.HALVED)
        == expected["upstream_test_expected_derivation_STALE"]
    )
    assert keys.identifier_of(founder_key, "signet", derivation=Derivation.HALVED) == stale
    assert keys.derivation_of(founder_key, stale, "signet") is Derivation.HALVED
    assert keys.derivation_of(founder_key, expected["projectIdentifier"], "signet") is Derivation.CURRENT


@pytest.mark.parametrize(
    ("mnemonic", "row"),
    WALLETS,
    ids=lambda value: value["founderKey"][:10] if isinstance(value, dict) else value[:6],
)
def test_what_a_wallet_derives(mnemonic: str, row: dict[str, Any]) -> None:
    founder_key = curve.public_key(secret(mnemonic, f"m/5h/{row['index']}h")).hex()
    assert founder_key == row["founderKey"]
    index = keys.project_index(founder_key)
    assert index == row["upi"]
    assert keys.identifier_of(founder_key, "angornet") == row["projectIdentifier_test"]
    assert keys.identifier_of(founder_key, "main") == row["projectIdentifier_main"]
    recovery, investor = (
        curve.public_key(secret(mnemonic, f"m/5h/0h/{index}h/{leaf}h")).hex() for leaf in (1, 3)
    )
    assert recovery == row["founderRecoveryKey"]
    assert investor == row["investorKey_of_same_wallet"]
    assert curve.public_xonly(secret(mnemonic, f"m/44h/1237h/{index}h/0/0")).hex() == row["nostrPubKey"]


def test_thirty_wallet_rows() -> None:
    assert len(WALLETS) == 30


def test_the_public_test_root_is_a_wallet_of_known_words() -> None:
    vector = VECTORS["angor-test-root-from-mnemonic"]
    root = HDKey.from_seed(bip39.mnemonic_to_seed(vector["inputs"]["mnemonic"])).derive("m/5h")
    assert root.to_public(NETWORKS["test"]["xpub"]).to_base58() == vector["expected"]["tpub"]


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "angor1q",
        "tb1q9j9jvmqwll00gnzf8thu9lrar65ccpu4kh4gu5",
        "angor1q9j9jvmqwll00gnzf8thu9lrar65ccpu4z5np6k",
        "ANGOR1Q9J9JVMQWLL00GNZF8THU9LRAR65CCPU4Z5NP6J",
        "angor1q9j9jvmqwll00gnzf8thu9lrar65ccpu4z5np6j ",
        "angor1é",
    ],
)
def test_what_is_no_identifier(identifier: str) -> None:
    with pytest.raises(KeyProblem, match="is not a project identifier"):
        keys.project_script(identifier)


@pytest.mark.parametrize("founder_key", ["", "02", "04" + "11" * 32, "02" + "ff" * 32, "zz" * 33])
def test_what_is_no_founder_key(founder_key: str) -> None:
    with pytest.raises(KeyProblem, match="is not a compressed public key"):
        keys.identifier_of(founder_key, "main")
