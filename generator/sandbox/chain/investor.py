"""What an investor does to get in: choose, and lock money stage by stage."""

from dataclasses import dataclass, field
from datetime import datetime

from generator.protocol.angor.op_return_layouts import DynamicInfo, InvestmentNote, investment_script
from generator.protocol.angor.stage_scripts import StageScripts, output_script, stage_scripts
from generator.protocol.bitcoin import Output, Transaction
from generator.protocol.curve import public_key
from generator.sandbox.acts import ActKind
from generator.sandbox.chain.amounts import cut, openings, shares
from generator.sandbox.chain.draft import Type
from generator.sandbox.chain.founder import Founder
from generator.sandbox.chain.identity import Identity
from generator.sandbox.chain.project import Locked, Project
from generator.sandbox.chain.scene import Scene
from generator.sandbox.chain.wallet import Coin, Wallet, coin_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How someone invests."""

    total_sat: int  #: fee included
    pattern: int = 0  #: Fund and Subscribe: which pattern
    stage_count: int = 0  #: 0: as many as the pattern says
    taproot_change: bool = False  #: as a wallet that is not Angor's may do


@dataclass(slots=True, kw_only=True)
class Investor:
    """A person with a wallet who invests in one project."""

    identity: Identity
    project: Project
    founder: Founder
    wallet: Wallet
    leads: bool = False  #: keeps a secret that frees other investors once revealed
    locked: list[Locked] = field(default_factory=list)
    penalties: list[tuple[Locked, Coin]] = field(default_factory=list)
    secret: bytes = field(init=False)  #: what the investor signs with in this project
    key: str = field(init=False)  #: its public key, 33 bytes in hex

    def __post_init__(self) -> None:
        self.secret = self.identity.investor_secret(self.project.founder.founder_key)
        self.key = public_key(self.secret).hex()

    @property
    def lead_secret(self) -> bytes:
        """What a lead investor reveals by leaving."""
        return self.identity.lead_secret(self.project.founder.founder_key)

    @property
    def left(self) -> list[Locked]:
        """The stages that neither side has taken yet."""
        return [locked for locked in self.locked if not locked.spent]

    def invest(self, scene: Scene, choice: Choice) -> Transaction:
        """Lock money stage by stage; the fee is inside the total."""
        stages = self._stages(scene.now, choice)
        fee, parts = cut(choice.total_sat, shares(self.project.draft, len(stages)))
        outputs = [
            Output(value_sat=fee, script=self.project.script),
            Output(value_sat=0, script=investment_script(self._note(scene.now, choice))),
        ]
        outputs += [
            Output(value_sat=amount_sat, script=output_script(scripts))
            for amount_sat, (_, scripts) in zip(parts, stages, strict=True)
        ]
        tx = scene.send(self.wallet.pay(outputs, taproot_change=choice.taproot_change))
        scene.note(ActKind.FEE, self.project, tx, 0, amount_sat=fee)
        for index, (opens_at, scripts) in enumerate(stages):
            locked = Locked(
                project=self.project,
                coin=coin_of(tx, 2 + index),
                scripts=scripts,
                investor_key=self.key,
                stage=1 + index,
                amount_sat=parts[index],
                opens_at=opens_at,
                expires_at=self._expiry(choice.total_sat),
            )
            self.locked.append(locked)
            self.project.locked.append(locked)
            scene.note_stage(ActKind.INVESTMENT, locked, tx, locked.coin.vout)
        return tx

    def _stages(self, now: datetime, choice: Choice) -> list[tuple[datetime, StageScripts]]:
        """Return opening and scripts of each stage."""
        draft, note = self.project.draft, self._note(now, choice)
        pattern = draft.patterns[choice.pattern] if draft.patterns else None
        count = choice.stage_count or (pattern.stage_count if pattern else 0)
        scripts = stage_scripts(self.project.terms, note, self._expiry(choice.total_sat))
        return list(zip(openings(draft, now, pattern, count), scripts, strict=True))

    def _note(self, now: datetime, choice: Choice) -> InvestmentNote:
        """Return what the transaction says in public."""
        founder_key = self.project.founder.founder_key
        info = DynamicInfo.starting(now, pattern_id=choice.pattern, stage_count=choice.stage_count)
        return InvestmentNote(
            investor_key=self.key,
            secret_hash=self.identity.lead_hash(founder_key) if self.leads else None,
            stage_info=None if self.project.draft.type is Type.INVEST else info,
        )

    def _expiry(self, total_sat: int) -> datetime:
        """Return from when the investor may take everything back alone.

        A subscriber always may, and so may who invests up to a Fund's threshold;
        the client compares the gross amount.
        """
        draft = self.project.draft
        midnight = draft.starts_at.replace(hour=0, minute=0, second=0)
        if draft.type is Type.SUBSCRIBE:
            return draft.starts_at
        free = draft.type is Type.FUND and total_sat <= (draft.threshold_sat or 0)
        return midnight if free else draft.expires_at
