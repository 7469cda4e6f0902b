"""What actors act in: the chain, the time of the block in the making, and who takes notes."""

from dataclasses import dataclass
from datetime import datetime

from generator.protocol.bitcoin import Transaction
from generator.sandbox.acts import Act, ActKind, Acts, ActStatus
from generator.sandbox.chain.blocks import Chain
from generator.sandbox.chain.project import Locked, Project


@dataclass(slots=True, kw_only=True)
class Scene:
    """The moment of acting."""

    chain: Chain
    acts: Acts
    now: datetime  #: time of the next block; after the last block, the world's end
    status: ActStatus = ActStatus.CONFIRMED  #: pending once no block follows

    def send(self, tx: Transaction) -> Transaction:
        """Hand a transaction to the miner, and return it."""
        self.chain.send(tx)
        return tx

    def note_stage(self, kind: ActKind, locked: Locked, tx: Transaction, position: int) -> None:
        """Note what is locked in one stage, or what becomes of it or of the penalty it was paid to."""
        self.note(kind, locked.project, tx, position, amount_sat=locked.amount_sat, locked=locked)

    def note(
        self,
        kind: ActKind,
        project: Project,
        tx: Transaction,
        position: int,
        *,
        amount_sat: int,
        locked: Locked | None = None,
    ) -> None:
        """Note one movement of money; only a fee is of no stage."""
        spent = tx.inputs[position].outpoint if kind not in {ActKind.FEE, ActKind.INVESTMENT} else ""
        self.acts.append(
            Act(
                kind=kind,
                project=project.draft.slug,
                identifier=project.identifier,
                amount_msat=amount_sat * 1000,
                at=self.now,
                status=self.status,
                txid=tx.txid,
                position=position,
                investor_key=locked.investor_key if locked else "",
                stage=locked.stage if locked else None,
                opens_at=locked.opens_at if locked else None,
                spends=spent,
            )
        )
