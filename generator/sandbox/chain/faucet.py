"""Where everyone's coins come from: the miner mines ahead, waits for maturity and pays out."""

from dataclasses import dataclass, field
from typing import Final

from generator.protocol.bitcoin import Output
from generator.sandbox.chain.blocks import HALVING, MATURITY, Chain, subsidy_sat
from generator.sandbox.chain.wallet import Wallet, coin_of

BLOCK_TIME_S: Final = 600
_OUTPUTS_PER_PAYOUT: Final = 400
#: For the fees of the payouts.
_RESERVE_SAT: Final = 100_000_000
#: Subsidies beyond this are too small to wait for.
_LAST_HEIGHT: Final = 8 * HALVING


class Poor(ValueError):
    """More was promised than regtest can ever mine."""


@dataclass(slots=True)
class Faucet:
    """The miner's wallet and what it promised to whom, in satoshis."""

    wallet: Wallet
    promises: list[tuple[Wallet, int]] = field(default_factory=list)

    def promise(self, wallet: Wallet, amount_sat: int) -> None:
        """Agree to pay a coin of this amount when the world begins."""
        self.promises.append((wallet, amount_sat))

    def open(self, chain: Chain, *, at: int) -> int:
        """Mine from a time on until everyone is paid; return the time of the last block."""
        for number in range(self.blocks_needed()):
            chain.mine(at + BLOCK_TIME_S * number)
        for block in chain.blocks[1 : chain.height + 2 - MATURITY]:
            self.wallet.receive(block.transactions[0])
        for start in range(0, len(self.promises), _OUTPUTS_PER_PAYOUT):
            self._pay_out(chain, self.promises[start : start + _OUTPUTS_PER_PAYOUT])
        return chain.mine(chain.blocks[-1].header.time + BLOCK_TIME_S).header.time

    def blocks_needed(self) -> int:
        """Return how many blocks make enough mature coins; their subsidy halves every 150 blocks."""
        missing_sat = sum(amount_sat for _, amount_sat in self.promises) + _RESERVE_SAT
        for height in range(1, _LAST_HEIGHT):
            missing_sat -= subsidy_sat(height)
            if missing_sat <= 0:
                return height + MATURITY - 1
        msg = f"{missing_sat} sat more than {_LAST_HEIGHT} regtest blocks create were promised"
        raise Poor(msg)

    def _pay_out(self, chain: Chain, promises: list[tuple[Wallet, int]]) -> None:
        tx = self.wallet.pay(
            [Output(value_sat=amount_sat, script=wallet.script) for wallet, amount_sat in promises]
        )
        chain.send(tx)
        for vout, (wallet, _) in enumerate(promises):
            wallet.coins.append(coin_of(tx, vout))
