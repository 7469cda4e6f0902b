"""Many people at once: investors of chance, whole projects of chance, and strangers.

What strangers send to a project's address looks like money and is none.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from generator.protocol.angor.op_return_layouts import DynamicInfo, InvestmentNote, investment_script
from generator.protocol.bitcoin import Output, Transaction, p2tr_script
from generator.protocol.curve import public_key, public_xonly
from generator.sandbox.chain import leaving
from generator.sandbox.chain.draft import Draft, Frequency, Pattern, PayoutDay, Type
from generator.sandbox.chain.founder import founding_outputs
from generator.sandbox.chain.investor import Choice
from generator.sandbox.chain.play import BEGIN, Play, Venture, Way
from generator.sandbox.chain.project import Project
from generator.sandbox.chain.scene import Scene
from generator.sandbox.chain.wallet import Wallet

_THINGS: Final = (
    "Garden",
    "Library",
    "Bakery",
    "Choir",
    "Archive",
    "Ferry",
    "Studio",
    "Kitchen",
    "Press",
    "Mill",
)
_PLACES: Final = (
    "Harbour",
    "Hill",
    "Station",
    "Meadow",
    "Bridge",
    "Market",
    "Forest",
    "Island",
    "Canal",
    "Square",
)
_DAY: Final = timedelta(days=1)


def crowd(
    venture: Venture, count: int, first: datetime, last: datetime, amounts_sat: tuple[int, int]
) -> None:
    """Let a number of investors come between two times, each with an amount of chance."""
    dice, draft = venture.play.dice, venture.project.draft
    for number in range(1, count + 1):
        when = first + (last - first) * dice.random()
        pattern = dice.randrange(len(draft.patterns)) if draft.patterns else 0
        fixed_sat = draft.patterns[pattern].amount_sat if draft.patterns else None
        total_sat = fixed_sat or _amount_sat(dice, *amounts_sat)
        venture.invests(when, f"investor-{number}", Choice(total_sat=total_sat, pattern=pattern))


def strangers(venture: Venture, since: datetime) -> None:
    """Let strangers send a fake investment, a second founding and a donation, days apart."""
    play, project = venture.play, venture.project
    wallet = play.wallet(f"{project.draft.slug}/stranger", 30_000_000)
    event_id = play.dice.randbytes(32).hex()
    play.at(
        since,
        lambda scene: fake_investment(scene, wallet, project, play.dice, total_sat=20_000_000),
    )
    play.at(since + 9 * _DAY, lambda scene: second_founding(scene, wallet, project, event_id))
    play.at(since + 19 * _DAY, lambda scene: donation(scene, wallet, project, amount_sat=123_456))


def chance_venture(play: Play, number: int, *, most: int = 9) -> None:
    """Plan a project of chance: any type, two to `most` investors, some of whom leave again."""
    dice = play.dice
    draft = chance_draft(dice, number)
    venture = play.venture(draft)
    count = dice.randint(2, most)
    last = draft.starts_at + _DAY * dice.randint(20, 58)
    crowd(venture, count, draft.starts_at + _DAY, last, (150_000, 5_000_000))
    leave_at = last + _DAY * dice.randint(2, 8)
    for who in dice.sample(range(1, count + 1), dice.randint(0, min(2, count - 1))):
        _leaves(venture, f"investor-{who}", leave_at)
    claim_at = draft.starts_at + 20 * _DAY
    while claim_at < play.last_block_at - 2 * _DAY:
        venture.claims(claim_at)
        claim_at += _DAY * dice.randint(25, 40)
    if dice.random() < 0.2:  # noqa: PLR2004 -- every fifth project meets strangers
        strangers(venture, draft.starts_at + 3 * _DAY)


def _leaves(venture: Venture, name: str, when: datetime) -> None:
    """Plan the way out that the project's type allows, and the release where there is a penalty."""
    draft = venture.project.draft
    if draft.type is Type.SUBSCRIBE:
        venture.does(when, name, _if_left(leaving.at_end))
        return
    venture.does(when, name, _if_left(leaving.into_penalty))
    over = when + _DAY * (draft.penalty_days + 3)
    if over < venture.play.last_block_at - 2 * _DAY:
        venture.does(over, name, lambda scene, who: leaving.release(scene, who) if who.penalties else None)


def _if_left(way: Way) -> Way:
    return lambda scene, who: way(scene, who) if who.left else None


def chance_draft(dice: Random, number: int) -> Draft:
    """Return a project of chance that starts between January and September."""
    thing, place = dice.choice(_THINGS), dice.choice(_PLACES)
    starts_at = BEGIN + _DAY * dice.randint(20, 250)
    base = Draft(
        slug=f"{thing}-{place}-{number}".lower(),
        title=f"{thing} at the {place}",
        about=f"A {thing.lower()} for everyone at the {place.lower()}.",
        description=f"The **{thing.lower()}** opens when the money is there.",
        type=dice.choice(list(Type)),
        starts_at=starts_at,
        expires_at=starts_at + 500 * _DAY,
        target_sat=dice.randint(2, 40) * 1_000_000,
        penalty_days=dice.choice((10, 30, 90)),
    )
    match base.type:
        case Type.INVEST:
            return _invest(dice, base)
        case Type.FUND:
            weekly = Pattern(name="Weekly", frequency=Frequency.WEEKLY, stage_count=dice.randint(2, 8))
            return replace(base, patterns=(weekly,), threshold_sat=dice.randint(0, 4) * 500_000)
        case Type.SUBSCRIBE:
            monthly = Pattern(
                name="Monthly",
                frequency=Frequency.MONTHLY,
                stage_count=dice.randint(3, 6),
                payout_day_type=PayoutDay.DAY_OF_MONTH,
                payout_day=dice.randint(1, 31),
                amount_sat=dice.randint(2, 20) * 100_000,
            )
            return replace(base, patterns=(monthly,), target_sat=0, penalty_days=0)


def _invest(dice: Random, base: Draft) -> Draft:
    """Return the project with a window of 60 days and two to five stages after it."""
    ends_at = base.starts_at + 60 * _DAY
    count, apart = dice.randint(2, 5), dice.randint(20, 45)
    percents = [Decimal(100 // count)] * (count - 1)
    percents.append(100 - sum(percents, Decimal(0)))
    opens = [ends_at + _DAY * (20 + apart * number) for number in range(count)]
    return replace(base, ends_at=ends_at, stages=tuple(zip(percents, opens, strict=True)))


def _amount_sat(dice: Random, low_sat: int, high_sat: int) -> int:
    """Return an amount as people choose them: often round, sometimes to the last satoshi."""
    amount_sat = dice.randint(low_sat, high_sat)
    return amount_sat if dice.random() < 0.3 else max(round(amount_sat, -5), low_sat)  # noqa: PLR2004 -- three in ten


def fake_investment(
    scene: Scene, wallet: Wallet, project: Project, dice: Random, *, total_sat: int
) -> Transaction:
    """Pay the fee and claim an investment whose stages lead to the stranger's own keys."""
    dynamic = project.draft.type is not Type.INVEST
    stages = project.draft.patterns[0].stage_count if dynamic else len(project.draft.stages)
    info = DynamicInfo.starting(scene.now, pattern_id=0) if dynamic else None
    note = InvestmentNote(investor_key=public_key(dice.randbytes(32)).hex(), stage_info=info)
    outputs = [
        Output(value_sat=total_sat // 100, script=project.script),
        Output(value_sat=0, script=investment_script(note)),
    ]
    for _ in range(stages):
        own_script = p2tr_script(public_xonly(dice.randbytes(32)))
        outputs.append(Output(value_sat=total_sat // stages, script=own_script))
    return scene.send(wallet.pay(outputs))


def second_founding(scene: Scene, wallet: Wallet, project: Project, event_id: str) -> Transaction:
    """Found the same project again with another event."""
    return scene.send(wallet.pay(founding_outputs(project, event_id)))


def donation(scene: Scene, wallet: Wallet, project: Project, *, amount_sat: int) -> Transaction:
    """Pay the project's address without a word."""
    return scene.send(wallet.pay([Output(value_sat=amount_sat, script=project.script)]))
