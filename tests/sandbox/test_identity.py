"""Keys of the sandbox's people are those that another implementation of BIP-32 derives."""

from embit.bip32 import HDKey
from hypothesis import given
from hypothesis import strategies as st

from generator.sandbox.chain.identity import Identity, Node

#: BIP-32, test vector 1: m/0'/1/2'/2/1000000000.
SEED = bytes.fromhex("000102030405060708090a0b0c0d0e0f")
PATH = (0x8000_0000, 1, 0x8000_0002, 2, 1_000_000_000)
LAST = (
    "xprvA41z7zogVVwxVSgdKUHDy1SKmdb533PjDz7J6N6mV6uS3ze1ai8FHa8kmHScGpWmj4WggLyQjgPie1rFSruoUihUZREPS"
    "L39UNdE3BBDu76"
)


def test_the_vector_of_the_proposal() -> None:
    node = Node.root(SEED)
    for index in PATH:
        node = node.child(index)
    assert node.secret == HDKey.from_string(LAST).secret
    assert node.chain_code == HDKey.from_string(LAST).chain_code


@given(entropy=st.binary(min_size=16, max_size=64), path=st.lists(st.integers(0, 2**32 - 1), max_size=5))
def test_any_path_leads_to_the_same_key(entropy: bytes, path: list[int]) -> None:
    node, other = Node.root(entropy), HDKey.from_seed(entropy)
    for index in path:
        node, other = node.child(index), other.child(index)
    assert node.secret == other.secret
    assert node.chain_code == other.chain_code


def test_a_seed_and_a_name_give_the_same_keys() -> None:
    person, again, other = (Identity(seed=seed, name="well/founder") for seed in (1, 1, 2))
    assert person.nostr_secret == again.nostr_secret != other.nostr_secret
    assert person.founder_key == again.founder_key != other.founder_key
