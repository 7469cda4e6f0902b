"""The course of events: who acts when, block by block, until the world's end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from generator.sandbox.acts import Acts, ActStatus
from generator.sandbox.chain.blocks import Chain
from generator.sandbox.chain.draft import Draft
from generator.sandbox.chain.founder import Founder
from generator.sandbox.chain.identity import Identity
from generator.sandbox.chain.investor import Choice, Investor
from generator.sandbox.chain.project import Project
from generator.sandbox.chain.scene import Scene
from generator.sandbox.chain.wallet import Faucet, Wallet

#: The first block after the first one of all regtest chains.
BEGIN: Final = datetime(2025, 1, 1, tzinfo=UTC)
#: The world's now: what the demo takes for the present.
WORLD_NOW: Final = datetime(2026, 2, 1, 12, tzinfo=UTC)
#: From the last block to the end; what is sent in between waits unconfirmed.
_WAITING: Final = timedelta(minutes=25)
_SPACING: Final = timedelta(hours=4)
_JITTER_S: Final = 3_000
#: For miners' fees of one action.
_FEES_SAT: Final = 20_000
_FOUNDERS_PURSE_SAT: Final = 200_000

Action = Callable[[Scene], object]
Way = Callable[[Scene, Investor], object]


@dataclass(slots=True, kw_only=True)
class Play:
    """A world in the making: plan first, then `run` once."""

    seed: int
    dice: Random
    chain: Chain
    faucet: Faucet
    now: datetime = WORLD_NOW  #: when it ends
    ventures: "list[Venture]" = field(default_factory=list)
    planned: list[tuple[datetime, Action]] = field(default_factory=list)
    pending: list[Action] = field(default_factory=list)

    @classmethod
    def of(cls, seed: int, now: datetime = WORLD_NOW) -> "Play":
        """Return an empty stage whose every key and number comes from a seed."""
        miner = Wallet(secret=Identity(seed=seed, name="miner").coin_secret)
        dice = Random(f"{seed}/chain")  # noqa: S311 -- play money; a world must come again from its seed
        chain = Chain(reward_script=miner.script)
        return cls(seed=seed, dice=dice, chain=chain, faucet=Faucet(miner), now=now)

    @property
    def last_block_at(self) -> datetime:
        """The time of the last block."""
        return self.now - _WAITING

    def at(self, when: datetime, action: Action) -> None:
        """Let something happen in the first block after a time."""
        if not BEGIN < when < self.last_block_at:
            msg = f"{when.isoformat()} is outside of this world's time"
            raise ValueError(msg)
        self.planned.append((when, action))

    def at_end(self, action: Action) -> None:
        """Let something happen after the last block, so that it stays unconfirmed."""
        self.pending.append(action)

    def person(self, name: str) -> Identity:
        """Return somebody of this world."""
        return Identity(seed=self.seed, name=name)

    def wallet(self, name: str, amount_sat: int) -> Wallet:
        """Return a new wallet that holds an amount, and what miners ask, when the world begins."""
        wallet = Wallet(secret=self.person(name).coin_secret)
        self.faucet.promise(wallet, amount_sat + _FEES_SAT)
        return wallet

    def venture(self, draft: Draft, *, leads: tuple[str, ...] = ()) -> "Venture":
        """Return a new project that is founded half a day before it starts."""
        identity = self.person(f"{draft.slug}/founder")
        persons = tuple(self.person(f"{draft.slug}/{name}") for name in leads)
        project = Project(draft=draft, founder=identity, leads=persons)
        wallet = self.wallet(f"{draft.slug}/founder", _FOUNDERS_PURSE_SAT)
        venture = Venture(play=self, project=project, founder=Founder(project=project, wallet=wallet))
        self.ventures.append(venture)
        self.at(draft.starts_at - timedelta(hours=12), venture.founder.found)
        return venture

    def run(self, acts: Acts) -> None:
        """Mine the world: every block with what is due by its time, then what stays pending."""
        opened_at = self.faucet.open(self.chain, at=int(BEGIN.timestamp()))
        queue = sorted(self.planned, key=lambda planned: planned[0])
        scene = Scene(chain=self.chain, acts=acts, now=datetime.fromtimestamp(opened_at, UTC))
        while scene.now < self.last_block_at:
            jitter = timedelta(seconds=self.dice.randrange(_JITTER_S))
            scene.now = min(scene.now + _SPACING - jitter, self.last_block_at)
            while queue and queue[0][0] <= scene.now:
                queue.pop(0)[1](scene)
            self.chain.mine(int(scene.now.timestamp()))
        scene.now, scene.status = self.now - timedelta(minutes=5), ActStatus.PENDING
        for action in self.pending:
            action(scene)


@dataclass(slots=True, kw_only=True)
class Venture:
    """A project on stage, with its founder and investors."""

    play: Play
    project: Project
    founder: Founder
    investors: dict[str, Investor] = field(default_factory=dict)

    def investor(self, name: str, *, leads: bool = False) -> Investor:
        """Return one of the project's investors by name, a new one with an empty wallet if need be."""
        if name not in self.investors:
            identity = self.play.person(f"{self.project.draft.slug}/{name}")
            self.investors[name] = Investor(
                identity=identity,
                project=self.project,
                founder=self.founder,
                wallet=Wallet(secret=identity.coin_secret),
                leads=leads,
            )
        return self.investors[name]

    def invests(self, when: datetime | None, name: str, choice: Choice, *, leads: bool = False) -> Investor:
        """Plan an investment and give its money to the investor; without a time it stays unconfirmed."""
        investor = self.investor(name, leads=leads)
        self.play.faucet.promise(investor.wallet, choice.total_sat + _FEES_SAT)
        if when is None:
            self.play.at_end(lambda scene: investor.invest(scene, choice))
        else:
            self.play.at(when, lambda scene: investor.invest(scene, choice))
        return investor

    def does(self, when: datetime, name: str, way: Way) -> None:
        """Plan what an investor does to get out, as `generator.sandbox.chain.leaving` offers it."""
        investor = self.investors[name]
        self.play.at(when, lambda scene: way(scene, investor))

    def claims(self, *times: datetime) -> None:
        """Plan the founder's claims of whatever is open by then."""
        for when in times:
            self.play.at(when, self.founder.claim)
