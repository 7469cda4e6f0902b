"""Founding and investment OP_RETURNs: every layout, and what must not be mistaken for one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.protocol import curve
from generator.protocol.angor.op_return_layouts import (
    DynamicInfo,
    Founding,
    InvestmentNote,
    LegacyFounding,
    founding_script,
    investment_script,
    parse_founding,
    parse_investment,
    parse_legacy_founding,
)
from generator.protocol.bitcoin import Transaction
from tests.support.vectors import angor_vectors

VECTORS = {vector["name"]: vector for vector in angor_vectors()["vectors"]}
KEY = "02070d174561688500aac733116dbe70c5ab7480559d25e1c040f480491870c8ba"
HASH = "0f2d8db8568bd3e12bdab1faa217fffc80459053967eff8bde0a65f14e2b7079"
INFO = "b302070c"
OFF_CURVE = "02" + "ff" * 32
KEYS = st.integers(1, 2**200).map(lambda number: curve.public_key(number.to_bytes(32)).hex())
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)
INFOS = st.builds(
    DynamicInfo,
    start_day=st.integers(0, 0xFFFF),
    pattern_id=st.integers(0, 255),
    stage_count=st.integers(0, 255),
)


def test_a_real_founding() -> None:
    vector = VECTORS["real-signet-creation-tx"]
    expected = vector["expected"]
    tx = Transaction.parse(bytes.fromhex(vector["inputs"]["hex"]))
    assert tx.txid == expected["txid"]
    assert tx.outputs[0].value_sat == expected["value_sats"]
    founding = parse_founding(tx.outputs[1].script)
    assert founding == Founding(founder_key=expected["founderKey"], event_id=expected["nostrEventId"])
    assert founding_script(founding) == tx.outputs[1].script
    assert len(tx.outputs[1].script) == 71
    assert parse_investment(tx.outputs[1].script) is None


def test_dynamic_stage_info() -> None:
    vector = VECTORS["dynamic-stage-info-bytes"]
    for inputs, expected in zip(vector["inputs"], vector["expected"], strict=True):
        start = datetime.fromisoformat(inputs["start"]).replace(tzinfo=UTC)
        info = DynamicInfo.starting(
            start, pattern_id=inputs["patternId"], stage_count=inputs["stageCountOverride"]
        )
        assert info.serialize().hex() == expected
        assert DynamicInfo.parse(bytes.fromhex(expected)) == info
        assert info.starts_at == start


def test_a_day_before_2025_cannot_be_written() -> None:
    info = DynamicInfo.starting(datetime(2024, 12, 31, tzinfo=UTC), pattern_id=0)
    with pytest.raises(ValueError, match="day -1 since 2025-01-01 does not fit two bytes"):
        info.serialize()


@pytest.mark.parametrize(
    ("script", "note", "size"),
    [
        (f"6a21{KEY}", InvestmentNote(investor_key=KEY), 35),
        (f"6a21{KEY}20{HASH}", InvestmentNote(investor_key=KEY, secret_hash=HASH), 68),
        (
            f"6a21{KEY}04{INFO}",
            InvestmentNote(
                investor_key=KEY, stage_info=DynamicInfo(start_day=691, pattern_id=7, stage_count=12)
            ),
            40,
        ),
        (
            f"6a21{KEY}20{HASH}04{INFO}",
            InvestmentNote(
                investor_key=KEY,
                secret_hash=HASH,
                stage_info=DynamicInfo(start_day=691, pattern_id=7, stage_count=12),
            ),
            73,
        ),
    ],
)
def test_the_four_investments(script: str, note: InvestmentNote, size: int) -> None:
    raw = bytes.fromhex(script)
    assert len(raw) == size
    assert parse_investment(raw) == note
    assert investment_script(note) == raw
    assert parse_founding(raw) is None
    assert note.is_seeder is (note.secret_hash is not None)


@given(KEYS, HASHES)
def test_foundings_are_read_as_written(key: str, event_id: str) -> None:
    founding = Founding(founder_key=key, event_id=event_id)
    assert parse_founding(founding_script(founding)) == founding


@given(
    st.builds(InvestmentNote, investor_key=KEYS, secret_hash=st.none() | HASHES, stage_info=st.none() | INFOS)
)
def test_notes_are_read_as_written(note: InvestmentNote) -> None:
    assert parse_investment(investment_script(note)) == note


def test_the_old_founding_and_a_seeder_look_alike() -> None:
    """Three operations, 33 and 32 bytes: only the founder key's halved index can tell."""
    script = bytes.fromhex(f"6a21{KEY}20{HASH}")
    assert parse_founding(script) is None
    assert parse_legacy_founding(script) == LegacyFounding(founder_key=KEY, nostr_pubkey=HASH)
    assert parse_investment(script) == InvestmentNote(investor_key=KEY, secret_hash=HASH)


@pytest.mark.parametrize(
    "script",
    [
        "",
        "6a",
        "6a00",
        "0014" + "00" * 20,
        f"21{KEY}",
        f"6a21{KEY}02010020{HASH}51",
        f"6a21{KEY}02000020{HASH}",
        f"6a21{KEY}0201001f{HASH[2:]}",
        f"6a21{KEY}0101{'20'}{HASH}",
        f"6a21{OFF_CURVE}",
        f"6a21{OFF_CURVE}02010020{HASH}",
        f"6a21{OFF_CURVE}20{HASH}",
        f"6a21{'04' + KEY[2:]}",
        f"6a21{KEY}03{'00' * 3}",
        f"6a21{KEY}04{INFO}20{HASH}",
        f"6a21{KEY}04{INFO}04{INFO}",
        f"6a21{KEY[:-2]}",
        f"6a21{KEY}ac",
        f"6a4d{KEY}",
        "6a4d21",
        f"6a5321{KEY}",
        f"6a21{KEY}00",
        f"6a21{KEY}4f",
        f"6a4e21000000{KEY[:-2]}",
        f"6a4e21{KEY}",
    ],
)
def test_what_is_none_of_them(script: str) -> None:
    raw = bytes.fromhex(script)
    assert parse_founding(raw) is None
    assert parse_legacy_founding(raw) is None
    assert parse_investment(raw) is None


def test_longer_pushes_mean_the_same() -> None:
    """Bitcoin allows them, and the money is just as locked."""
    assert parse_investment(bytes.fromhex(f"6a4c21{KEY}")) == InvestmentNote(investor_key=KEY)
    assert parse_investment(bytes.fromhex(f"6a4d2100{KEY}")) == InvestmentNote(investor_key=KEY)
    assert parse_investment(bytes.fromhex(f"6a4e21000000{KEY}")) == InvestmentNote(investor_key=KEY)
