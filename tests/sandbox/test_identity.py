"""Keys of the sandbox's people."""

from generator.sandbox.chain.identity import Identity


def test_a_seed_and_a_name_give_the_same_keys() -> None:
    person, again, other = (Identity(seed=seed, name="well/founder") for seed in (1, 1, 2))
    assert person.nostr_secret == again.nostr_secret != other.nostr_secret
    assert person.founder_key == again.founder_key != other.founder_key
