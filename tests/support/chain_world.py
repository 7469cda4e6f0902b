"""One world of the chain for all tests of this folder that only look at it."""

from functools import cache

from generator.sandbox.acts import Acts
from generator.sandbox.chain import ChainWorld, build_chain

SEED = 7


@cache
def world() -> tuple[ChainWorld, Acts]:
    acts = Acts()
    return build_chain(SEED, acts), acts
