"""Every field of every record type says whose word it is; verification compares by nothing else."""

import re
from typing import get_args

import msgspec
import pytest

from generator.ledger import Entry
from generator.origin import Origin, fields, of
from generator.places import ANGOR, BTCPAY, RATES, RUNS, VOIDS
from generator.snapshot import Asked, FileState, Record
from generator.snapshot.finding import CHECKS
from tests.support.paths import ROOT

TYPES = (*get_args(Record), Asked, FileState)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_every_field_is_declared(kind: type[msgspec.Struct]) -> None:
    declared = kind.ORIGINS  # type: ignore[attr-defined]
    assert declared
    assert declared.keys() <= {ANGOR, BTCPAY, RATES, RUNS, VOIDS}
    known = {field.name: field for field in msgspec.structs.fields(kind)}
    assert set().union(*declared.values()) == known.keys(), "a field without a declaration, or none"
    for source, named in declared.items():
        needed = {name for name, field in known.items() if field.required}
        assert needed <= named.keys(), f"{source} cannot leave out what has no default"
        if "source" in known:
            assert named["source"] is Origin.DERIVED, "a source follows from the configuration"


def test_a_field_without_a_declaration_fails() -> None:
    class Careless(Entry, frozen=True, kw_only=True, omit_defaults=True, tag="careless"):
        note: str = ""

    with pytest.raises(AssertionError, match="without a declaration"):
        test_every_field_is_declared(Careless)


def test_nothing_of_a_server_is_proven_and_nothing_on_the_chain_is_a_server_s() -> None:
    on_chain, served = Entry.ORIGINS[ANGOR], Entry.ORIGINS[BTCPAY]
    assert set(on_chain.values()) == {Origin.DERIVED}
    assert not {"verification", "evidence", "height", "block", "stage", "party", "spends"} & served.keys()
    assert not {"at_receipt", "purpose", "rail", "group", "period", "created_month"} & on_chain.keys()
    assert of(Entry.ORIGINS, ANGOR, Origin.DERIVED) == tuple(on_chain)
    assert of(Entry.ORIGINS, RATES, Origin.DERIVED) == ()


def test_a_field_is_one_word() -> None:
    with pytest.raises(ValueError, match="amount is derived, and btcpay as well"):
        fields(derived="amount", btcpay="amount")


def test_every_check_says_whose_word_it_is() -> None:
    table = (ROOT / "docs" / "checks.md").read_text().partition("## Findings\n")[2].partition("\n## ")[0]
    documented = set(re.findall(r"^\| `([\w-]+)`", table, re.MULTILINE))
    assert set().union(*CHECKS.values()) == documented
