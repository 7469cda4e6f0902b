"""Whatever comes, a parser raises what its docstring says and nothing else, and soon."""

import time
from random import Random

import pytest

from tests.fuzz.hunt import SLOW_S
from tests.fuzz.mutations import mutated
from tests.fuzz.parsers import PARSERS, inputs_of
from tests.support.proving import in_full, seed


@pytest.mark.proof
@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_takes_an_input_or_refuses_it_in_its_own_words(name: str) -> None:
    parser, inputs, dice = PARSERS[name], inputs_of(name), Random(f"{seed()} {name}")  # noqa: S311 -- inputs
    made = (mutated(dice.choice(inputs), dice, inputs) for _ in range(in_full(15, 3_000)))
    taken, slowest = 0, 0.0
    for data in (*inputs, *made):
        began = time.process_time()
        try:
            taken += parser.takes(data)
        except Exception as error:
            error.add_note(f"{name}: {data[:300]!r}")
            raise
        slowest = max(slowest, time.process_time() - began)
    print(f"{name}: {taken} taken, slowest {slowest:.2f} s")
    assert taken
    assert slowest < SLOW_S
