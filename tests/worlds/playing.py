"""A drawn world, played: the sandbox's own actors sign, its miner mines, and who acts notes what was done."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import groupby
from random import Random

from generator.protocol.nostr import Event
from generator.sandbox.acts import Acts, ActStatus
from generator.sandbox.chain import ChainWorld, leaving
from generator.sandbox.chain.draft import Draft, Type
from generator.sandbox.chain.investor import Choice, Investor
from generator.sandbox.chain.play import BEGIN, WORLD_NOW, Action, Play, Venture
from generator.sandbox.chain.scene import Scene
from generator.sandbox.project_truth import Aim
from generator.sandbox.truth import Truth
from generator.sandbox.worth import Prices
from tests.worlds.drafts import DAY, START, draft_of
from tests.worlds.meddling import foreign_event, meddling
from tests.worlds.plots import Junk, Part, Plot, Way, When, World

CONFIRMATIONS = 3
BLOCK = timedelta(minutes=10)
#: Blocks mined before anybody acts, so that the median of the last eleven is close to the time of acting.
BEFORE = 6


@dataclass(kw_only=True)
class Played:
    """A finished world and what is known about it by those who acted."""

    world: ChainWorld
    acts: Acts
    events: list[Event]  #: the founders' and strangers'
    foundings: dict[str, str]  #: txid by the project's identifier
    junk: int  #: how often strangers did something

    @property
    def truth(self) -> Truth:
        """Return what a report of the whole network must say; what is not deep enough is pending."""
        acts = [
            replace(act, status=ActStatus.CONFIRMED if self.is_deep(act.txid) else ActStatus.PENDING)
            for act in self.acts
        ]
        aims = [
            Aim(
                slug=project.identifier,
                identifier=project.identifier,
                goal_msat=project.draft.target_sat * 1000 or None,
                kind=project.draft.type.name.lower(),
                starts_on=project.draft.starts_at.date(),
                ends_on=project.draft.ends_at.date() if project.draft.ends_at else None,
            )
            for project in self.world.projects
        ]
        return Truth(
            aims=aims, acts=acts, deeds=(), now=self.world.now, network_wide=True, asked={"angor": (1, 0, 0)}
        )

    @cached_property
    def heights(self) -> dict[str, int]:
        """The height of each transaction that is in a block."""
        return {txid: block.height for block in self.world.chain.blocks for txid in block.txids}

    def is_deep(self, txid: str) -> bool:
        """Tell whether enough blocks stand on a transaction, its own included."""
        height = self.heights.get(txid)
        return height is not None and self.world.chain.height - height + 1 >= CONFIRMATIONS


@dataclass(kw_only=True)
class _Staging:
    """A world in the making."""

    play: Play
    meddled: bool
    just_now: list[Action] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    junk: int = 0

    def let(self, when: When, at: datetime, action: Action) -> None:
        """Let something happen at a time, in one of the last blocks, or in none."""
        match when:
            case When.LONG_AGO:
                self.play.at(at, action)
            case When.JUST_NOW:
                self.just_now.append(action)
            case When.WAITING:
                self.play.at_end(action)

    def run(self, acts: Acts, *, blocks_after: int) -> None:
        """Mine the few blocks that what is planned needs, then let the last acts wait."""
        chain = self.play.chain
        opened_at = self.play.faucet.open(chain, at=int(BEGIN.timestamp()))
        scene = Scene(chain=chain, acts=acts, now=datetime.fromtimestamp(opened_at, UTC))
        queue = sorted(self.play.planned, key=lambda planned: planned[0])
        rounds = [(when, [act for _, act in some]) for when, some in groupby(queue, lambda act: act[0])]
        rounds.append((self.play.last_block_at - (blocks_after + 1) * BLOCK, self.just_now))
        for when, actions in rounds:
            for number in range(BEFORE, 0, -1):
                chain.mine(int((when - number * BLOCK).timestamp()))
            scene.now = when
            for action in actions:
                action(scene)
            chain.mine(int(scene.now.timestamp()))
        for _ in range(blocks_after):
            scene.now += BLOCK
            chain.mine(int(scene.now.timestamp()))
        scene.now, scene.status = WORLD_NOW - timedelta(minutes=5), ActStatus.PENDING
        for action in self.play.pending:
            action(scene)


def play(drawn: World, *, meddled: bool = True) -> Played:
    """Play a world; without meddling nobody but founders and investors does anything.

    Strangers hold their money in both, so that everybody else's transactions are the same.
    """
    staging = _Staging(play=Play.of(drawn.seed), meddled=meddled)
    acts = Acts()
    for number, plot in enumerate(drawn.plots):
        _stage(staging, number, plot)
    staging.run(acts, blocks_after=drawn.blocks_after)
    world = ChainWorld(
        seed=drawn.seed,
        chain=staging.play.chain,
        projects=tuple(venture.project for venture in staging.play.ventures),
        prices=Prices(()),
        now=WORLD_NOW,
    )
    founded = {
        project.identifier: next(
            tx.txid
            for block in world.chain.blocks
            for tx in block.transactions
            if any(output.script == project.script for output in tx.outputs)
        )
        for project in world.projects
    }
    return Played(
        world=world,
        acts=acts,
        events=[*world.events, *staging.events],
        foundings=founded,
        junk=staging.junk,
    )


def _stage(staging: _Staging, number: int, plot: Plot) -> None:
    draft = draft_of(number, plot)
    led = draft.seeder_threshold > 0
    venture = staging.play.venture(draft, leads=("investor-0",) if led else ())
    for who, part in enumerate(plot.parts):
        _take_part(staging, venture, f"investor-{who}", part, leads=led and who == 0)
    for day in plot.claim_days:
        venture.claims(START + day * DAY)
    if plot.claims_last:
        staging.play.at_end(venture.founder.claim)
    wallet = staging.play.wallet(f"{draft.slug}/stranger", 3_000_000)
    dice = Random(f"{draft.slug}/stranger")  # noqa: S311 -- play money
    for junk, day in plot.junk if staging.meddled else ():
        staging.junk += 1
        if junk is Junk.EVENT:
            staging.events.append(foreign_event(venture, dice))
        else:
            staging.play.at(START + day * DAY, meddling(junk, wallet, venture, dice))


def _take_part(staging: _Staging, venture: Venture, name: str, part: Part, *, leads: bool) -> None:
    draft = venture.project.draft
    pattern = part.pattern if draft.patterns else 0
    fixed_sat = draft.patterns[pattern].amount_sat if draft.patterns else None
    choice = Choice(total_sat=fixed_sat or part.total_sat, pattern=pattern)
    closed = draft.ends_at is not None and draft.ends_at < WORLD_NOW
    when = When.LONG_AGO if closed else part.when
    if when is When.JUST_NOW:
        investor = venture.investor(name, leads=leads)
        staging.play.faucet.promise(investor.wallet, choice.total_sat + 20_000)
        staging.just_now.append(lambda scene: investor.invest(scene, choice))
        return
    invested_at = None if when is When.WAITING else START + part.day * DAY
    investor = venture.invests(invested_at, name, choice, leads=leads)
    if when is When.LONG_AGO:
        _leave(staging, venture, investor, part, choice)


def _leave(staging: _Staging, venture: Venture, investor: Investor, part: Part, choice: Choice) -> None:
    draft, at = venture.project.draft, START + part.leave_day * DAY
    way = _possible(part.way, draft, investor)
    free = draft.type is Type.SUBSCRIBE or (
        draft.type is Type.FUND and choice.total_sat <= (draft.threshold_sat or 0)
    )
    if way is Way.END and not free:
        at = draft.expires_at + DAY
        if at > venture.play.last_block_at - 2 * DAY:
            return
    if way is Way.STAY:
        return
    staging.let(part.leaves, at, lambda scene: _go(scene, investor, way))
    released_at = at + (draft.penalty_days + 3) * DAY
    if way is Way.RELEASE and part.leaves is When.LONG_AGO:
        staging.play.at(
            released_at, lambda scene: leaving.release(scene, investor) if investor.penalties else None
        )


def _possible(way: Way, draft: Draft, investor: Investor) -> Way:
    """Return the way, or the one that the project's type has instead."""
    if draft.type is Type.SUBSCRIBE and way is not Way.STAY:
        return Way.END
    if way is Way.SECRETS and (not draft.seeder_threshold or investor.leads):
        return Way.PENALTY
    return way


def _go(scene: Scene, investor: Investor, way: Way) -> None:
    """Leave, if anything is left to leave with."""
    if not investor.left:
        return
    match way:
        case Way.PENALTY | Way.RELEASE:
            leaving.into_penalty(scene, investor)
        case Way.END:
            leaving.at_end(scene, investor)
        case Way.UNFUNDED:
            leaving.unfunded(scene, investor)
        case Way.ELSEWHERE:
            leaving.elsewhere(scene, investor)
        case Way.SECRETS:
            [lead] = investor.project.leads
            secret = lead.lead_secret(investor.project.founder.founder_key)
            leaving.with_secrets(scene, investor, 0, [secret])
