"""The chain is genuine, comes again from its seed, and says what its actors noted."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.protocol.angor.investments import Matched, Mismatch, StageOutput, match_stages
from generator.protocol.angor.op_return_layouts import parse_founding, parse_investment
from generator.protocol.angor.project_identifier import project_script
from generator.protocol.angor.schedule import dynamic_dates, split_amounts
from generator.protocol.angor.stage_spends import classify, classify_release
from generator.protocol.angor.terms import Frequency as ReadFrequency
from generator.protocol.angor.terms import Pattern as ReadPattern
from generator.protocol.angor.terms import PayoutDay as ReadPayoutDay
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Input, Output, Transaction, merkle_root
from generator.protocol.bitcoin.script import is_p2tr
from generator.sandbox.acts import Act, ActKind, Acts, ActStatus
from generator.sandbox.chain import build_chain
from generator.sandbox.chain.amounts import cut, openings
from generator.sandbox.chain.blocks import Chain, Refused, subsidy_sat
from generator.sandbox.chain.draft import Draft, Frequency, Pattern, PayoutDay, Type
from generator.sandbox.chain.wallet import Faucet, Poor, Wallet
from tests.support.chain_world import SEED, world
from tests.support.paths import ROOT

SPENDS = {ActKind.CLAIM, ActKind.PENALTY, ActKind.RECOVERY, ActKind.UNCLASSIFIED}


def transactions() -> dict[str, tuple[Transaction, int | None]]:
    """Return every transaction by id, with the time of its block."""
    chain = world()[0].chain
    found: dict[str, tuple[Transaction, int | None]] = {tx.txid: (tx, None) for tx in chain.mempool}
    for block in chain.blocks:
        found.update({tx.txid: (tx, block.header.time) for tx in block.transactions})
    return found


def test_blocks_are_linked_worked_for_and_never_earlier() -> None:
    chain = world()[0].chain
    assert chain.blocks[0].hash == "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"
    for before, block in zip(chain.blocks, chain.blocks[1:], strict=False):
        assert block.header.prev == before.hash
        assert block.header.meets_target()
        assert block.header.time > before.header.time
        assert block.header.merkle_root == merkle_root(block.txids)
    assert datetime.fromtimestamp(chain.blocks[-1].header.time, UTC) < world()[0].now


def test_the_same_seed_gives_the_same_world_in_another_process() -> None:
    code = (
        "from generator.sandbox.acts import Acts; from generator.sandbox.chain import build_chain;"
        f"w = build_chain({SEED}, Acts()); print(w.chain.blocks[-1].hash, w.chain.mempool[-1].wtxid)"
    )
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "4242",
        "TZ": "Pacific/Kiritimati",
        "PYTHONPATH": str(ROOT),
    }
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    chain = world()[0].chain
    assert said.stdout.decode().split() == [chain.blocks[-1].hash, chain.mempool[-1].wtxid]


def test_another_seed_gives_another_world_and_more_projects_on_request() -> None:
    acts = Acts()
    other = build_chain(SEED + 1, acts, projects=4)
    known = world()[0]
    assert len(known.projects) == 6
    assert len(other.projects) == 10
    assert not {project.identifier for project in known.projects} & {
        project.identifier for project in other.projects
    }
    assert {act.project for act in acts} == {project.draft.slug for project in other.projects}


def test_curated_projects_show_every_kind() -> None:
    kinds = {
        slug: {act.kind for act in world()[1] if act.project == slug}
        for slug in (project.draft.slug for project in world()[0].projects)
    }
    base = {ActKind.INVESTMENT, ActKind.FEE}
    left = {ActKind.PENALTY, ActKind.RELEASE}
    assert kinds == {
        "solar-roof": base | left | {ActKind.CLAIM, ActKind.UNCLASSIFIED},
        "harvest-fund": base | left | {ActKind.CLAIM, ActKind.RECOVERY},
        "press-pass": base | {ActKind.CLAIM, ActKind.RECOVERY},
        "river-clinic": base | {ActKind.RECOVERY},
        "open-radio": base | left | {ActKind.CLAIM, ActKind.RECOVERY},
        "makers-hall": base,
    }
    pending = Counter((act.project, act.kind.value) for act in world()[1] if act.status is ActStatus.PENDING)
    assert set(pending) == {
        ("harvest-fund", "investment"),
        ("harvest-fund", "fee"),
        ("harvest-fund", "claim"),
        ("press-pass", "investment"),
        ("press-pass", "fee"),
        ("makers-hall", "investment"),
        ("makers-hall", "fee"),
    }


def test_acts_name_outputs_and_inputs_of_the_chain_to_the_satoshi() -> None:
    found, noted = transactions(), {act.id: act for act in world()[1]}
    assert len(noted) == len(world()[1])
    outpoints = {act.id for act in noted.values() if act.kind is ActKind.INVESTMENT}
    penalties = {f"{act.txid}:{act.position}" for act in noted.values() if act.kind is ActKind.PENALTY}
    for act in noted.values():
        tx, time = found[act.txid]
        assert (act.status is ActStatus.PENDING) == (time is None)
        assert time is None or act.at == datetime.fromtimestamp(time, UTC)
        if act.kind in {ActKind.INVESTMENT, ActKind.FEE}:
            assert act.amount_msat == 1000 * tx.outputs[act.position].value_sat
        else:
            entry = tx.inputs[act.position]
            assert act.spends == entry.outpoint
            assert act.amount_msat == 1000 * found[entry.prev_txid][0].outputs[entry.vout].value_sat
            assert act.spends in (penalties if act.kind is ActKind.RELEASE else outpoints)


def stages_on_chain() -> tuple[dict[str, StageOutput], Counter[str]]:
    """Derive every investment again, as a stranger would; return stages by outpoint, and count failures."""
    stages: dict[str, StageOutput] = {}
    failed: Counter[str] = Counter()
    for project in world()[0].projects:
        terms = Terms.parse(project.event.content)
        for tx, _ in transactions().values():
            if len(tx.outputs) < 2 or tx.outputs[0].script != project_script(project.identifier):
                continue
            note = parse_investment(tx.outputs[1].script)
            match match_stages(terms, note, tx.outputs) if note else None:
                case Matched(stages=found):
                    stages.update({f"{tx.txid}:{stage.vout}": stage for stage in found})
                case Mismatch():
                    failed[project.draft.slug] += 1
                case None:
                    pass
    return stages, failed


def test_a_reader_derives_exactly_what_the_actors_locked_and_refuses_the_fake() -> None:
    stages, failed = stages_on_chain()
    noted = {act.id: act for act in world()[1] if act.kind is ActKind.INVESTMENT}
    assert {
        outpoint: (stage.investor_key, stage.index + 1, stage.opens_at, 1000 * stage.value_sat)
        for outpoint, stage in stages.items()
    } == {
        outpoint: (act.investor_key, act.stage, act.opens_at, act.amount_msat)
        for outpoint, act in noted.items()
    }
    assert failed == {"solar-roof": 1}


def test_a_reader_classifies_every_spend_as_its_actor_meant_it() -> None:
    stages, found = stages_on_chain()[0], transactions()
    read: Counter[str] = Counter()
    for act in world()[1]:
        tx = found[act.txid][0]
        if act.kind in SPENDS:
            assert classify(stages[act.spends], tx, act.position).kind.value == act.kind.value
            read[act.kind.value] += 1
        elif act.kind is ActKind.RELEASE:
            days = next(
                project.draft.penalty_days
                for project in world()[0].projects
                if project.draft.slug == act.project
            )
            spend = classify_release(act.investor_key, days, tx.inputs[act.position].witness)
            assert spend.kind.value == "release"
            read["release"] += 1
    assert read == Counter(act.kind.value for act in world()[1] if act.kind in {*SPENDS, ActKind.RELEASE})


def test_strangers_found_again_donate_and_change_goes_to_taproot() -> None:
    project = world()[0].projects[0]
    at_address = [
        tx
        for tx, _ in transactions().values()
        if any(output.script == project.script for output in tx.outputs)
    ]
    foundings = [
        note for tx in at_address if len(tx.outputs) > 1 and (note := parse_founding(tx.outputs[1].script))
    ]
    assert len(foundings) == 2
    assert foundings[0].event_id == project.event.id != foundings[1].event_id
    assert [tx.outputs[0].value_sat for tx in at_address if not tx.outputs[1].script.startswith(b"\x6a")] == [
        123_456
    ]
    with_change = [tx for tx in at_address if len(tx.outputs) == 6 and is_p2tr(tx.outputs[5].script)]
    assert len(with_change) == 1
    by_key = [
        entry
        for tx, _ in transactions().values()
        for entry in tx.inputs
        if entry.outpoint == f"{with_change[0].txid}:5"
    ]
    assert [len(item) for entry in by_key for item in entry.witness] == [64]


def test_a_threshold_is_compared_with_the_gross_amount() -> None:
    fund = next(project for project in world()[0].projects if project.draft.slug == "harvest-fund")
    expiries = {locked.amount_sat: locked.expires_at for locked in fund.locked}
    # 1,005,000 sat in 3 parts is above the threshold of 1,000,000 only before the fee; 1,000,000 in 6 is not
    assert expiries[331_650] == datetime(2026, 6, 30, tzinfo=UTC)
    assert expiries[165_000] == datetime(2025, 2, 1, tzinfo=UTC)


@given(
    st.integers(100_000, 10**10),
    st.lists(st.integers(1, 999), min_size=1, max_size=8).map(
        lambda parts: [Decimal(part) / 10 for part in parts]
    ),
)
def test_two_ways_to_cut_an_amount_agree(total_sat: int, percents: list[Decimal]) -> None:
    fee, parts = cut(total_sat, percents)
    assert (fee, tuple(parts)) == split_amounts(total_sat, percents)
    assert fee + sum(parts) == total_sat


@pytest.mark.parametrize(
    ("total_sat", "percents", "expected"),
    [
        (300_000_000, ["10", "50", "40"], (3_000_000, [29_700_000, 148_500_000, 118_800_000])),
        (101, ["50", "50"], (1, [50, 50])),
        (103, ["25", "25", "50"], (1, [26, 26, 50])),  # 25.5 rounds to 26, the even one
        (107, ["25", "25", "50"], (1, [26, 26, 54])),  # 26.5 rounds to 26
    ],
)
def test_amounts_by_hand(total_sat: int, percents: list[str], expected: tuple[int, list[int]]) -> None:
    assert cut(total_sat, [Decimal(text) for text in percents]) == expected


PATTERNS = st.one_of(
    st.tuples(st.sampled_from(Frequency), st.just(PayoutDay.FROM_START), st.just(0)),
    st.tuples(
        st.sampled_from([Frequency.WEEKLY, Frequency.BIWEEKLY]),
        st.just(PayoutDay.DAY_OF_WEEK),
        st.integers(0, 6),
    ),
    st.tuples(
        st.sampled_from([Frequency.MONTHLY, Frequency.BIMONTHLY, Frequency.QUARTERLY]),
        st.just(PayoutDay.DAY_OF_MONTH),
        st.integers(1, 31),
    ),
)
DRAFT = Draft(
    slug="x",
    title="X",
    about="",
    description="",
    type=Type.FUND,
    starts_at=datetime(2025, 1, 1, tzinfo=UTC),
    expires_at=datetime(2026, 1, 1, tzinfo=UTC),
    target_sat=1,
    penalty_days=10,
)


@given(PATTERNS, st.integers(0, 1500), st.integers(0, 86_399), st.integers(1, 12))
def test_two_ways_to_tell_the_payout_days_agree(
    chosen: tuple[Frequency, PayoutDay, int], days: int, seconds: int, count: int
) -> None:
    frequency, kind, number = chosen
    starts_at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=days)
    own = Pattern(name="", frequency=frequency, stage_count=count, payout_day_type=kind, payout_day=number)
    read = ReadPattern(
        pattern_id=0,
        frequency=ReadFrequency(frequency),
        stage_count=count,
        payout_day_type=ReadPayoutDay(kind),
        payout_day=number,
    )
    mine = openings(DRAFT, starts_at + timedelta(seconds=seconds), own, count)
    assert tuple(mine) == dynamic_dates(starts_at, read, count)
    assert all(isinstance(at, datetime) for at in mine)


def test_a_miner_refuses_what_no_miner_would_take() -> None:
    wallet = Wallet(secret=bytes([1]) * 32)
    chain = Chain(reward_script=wallet.script)
    coinbase = chain.mine(1_700_000_000).transactions[0]
    wallet.receive(coinbase)
    paid = wallet.pay([Output(value_sat=1_000, script=wallet.script)])
    chain.send(paid)
    with pytest.raises(Refused, match="does not exist or is spent"):
        chain.send(paid)
    coin = Input(prev_txid=paid.txid, vout=0, sequence=0)
    with pytest.raises(Refused, match="pays 1 sat more than it spends"):
        chain.send(_unsigned(coin, value_sat=1_001))
    with pytest.raises(Refused, match=r"is locked until \d+, the median time is \d+"):
        chain.send(_unsigned(coin, value_sat=1, locktime=chain.median_time))
    with pytest.raises(Refused, match="not later than the median time"):
        chain.mine(chain.median_time)
    assert len(chain.mine(1_700_000_600).transactions) == 2
    assert chain.blocks[-1].transactions[0].outputs[0].value_sat == subsidy_sat(2) + 3 * 150


def _unsigned(coin: Input, *, value_sat: int, locktime: int = 0) -> Transaction:
    output = Output(value_sat=value_sat, script=b"\x51")
    return Transaction(version=2, inputs=(coin,), outputs=(output,), locktime=locktime)


@pytest.mark.parametrize(
    ("promised_btc", "blocks"),
    [
        (1, 100),  # 50 BTC of the first block cover it
        (49, 100),
        (50, 101),
        (149 * 50 - 1, 248),  # the last block of 50 BTC
        (149 * 50, 249),  # the first of 25
        (149 * 50 + 50, 251),
    ],
)
def test_the_funding_plan_knows_the_halving_every_150_blocks(promised_btc: int, blocks: int) -> None:
    faucet = Faucet(Wallet(secret=bytes([1]) * 32))
    faucet.promise(Wallet(secret=bytes([2]) * 32), promised_btc * 100_000_000)
    assert faucet.blocks_needed() == blocks
    assert [subsidy_sat(height) for height in (149, 150, 299, 300)] == [
        5_000_000_000,
        2_500_000_000,
        2_500_000_000,
        1_250_000_000,
    ]


def test_more_than_regtest_can_mine_is_not_promised() -> None:
    faucet = Faucet(Wallet(secret=bytes([1]) * 32))
    faucet.promise(Wallet(secret=bytes([2]) * 32), 15_000 * 100_000_000)
    with pytest.raises(Poor):
        faucet.blocks_needed()


def test_prices_are_one_a_day_and_none_before_the_first() -> None:
    prices = world()[0].prices
    assert prices.at(prices.quotes[0].at - timedelta(seconds=1)) is None
    noon = datetime(2025, 6, 1, 12, tzinfo=UTC)
    quote = prices.at(noon)
    assert quote is not None
    assert quote.at == datetime(2025, 6, 1, tzinfo=UTC)
    assert prices.quotes[-1].at > world()[0].now - timedelta(days=1)
    assert set(quote.prices) == {"USD", "EUR", "GBP", "CHF"}
    assert all(price.as_tuple().exponent == -2 for price in quote.prices.values())


def test_notes_by_hand() -> None:
    act = Act(
        kind=ActKind.CLAIM,
        project="x",
        identifier="angor1x",
        amount_msat=1,
        at=datetime(2025, 1, 1, tzinfo=UTC),
        status=ActStatus.CONFIRMED,
        txid="ab",
        position=3,
        opens_at=datetime(2025, 1, 31, 23, 59, tzinfo=UTC),
    )
    assert act.id == "ab/3"
    assert str(act.opens_on) == "2025-01-31"
