"""Wallets that pay with real signatures: coins, spends, and how a transaction is put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from generator.protocol.bitcoin import (
    Input,
    Output,
    Transaction,
    key_path_secret,
    sighash_segwit_v0,
    sighash_taproot,
    taproot_output_script,
)
from generator.protocol.bitcoin.script import is_p2tr, p2wpkh_script
from generator.protocol.bitcoin.sighash import p2wpkh_script_code
from generator.protocol.curve import ecdsa_sign, public_key, public_xonly, schnorr_sign
from generator.sandbox.chain.blocks import HALVING, MATURITY, Chain, subsidy_sat

#: Makes one input's witness: transaction, position of the input, all outputs spent.
Signer = Callable[[Transaction, int, Sequence[Output]], tuple[bytes, ...]]

#: Sequence that lets a lock time count.
TIMED: Final = 0xFFFFFFFE
_FEE_SAT_PER_PART: Final = 150  #: of inputs and outputs alike, about two satoshis a byte
_DUST_SAT: Final = 330
_SIGHASH_ALL: Final = b"\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coin:
    """An unspent output and where it is."""

    txid: str
    vout: int
    output: Output

    @property
    def outpoint(self) -> str:
        """``txid:vout``."""
        return f"{self.txid}:{self.vout}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """A coin to be spent, and how its owner signs."""

    coin: Coin
    sign: Signer
    sequence: int = TIMED


def coin_of(tx: Transaction, vout: int) -> Coin:
    """Return an output of a transaction as a coin."""
    return Coin(txid=tx.txid, vout=vout, output=tx.outputs[vout])


def assemble(spends: Sequence[Spend], outputs: Sequence[Output], *, locktime: int = 0) -> Transaction:
    """Return a transaction with every input signed."""
    bare = tuple(
        Input(prev_txid=spend.coin.txid, vout=spend.coin.vout, sequence=spend.sequence) for spend in spends
    )
    unsigned = Transaction(version=2, inputs=bare, outputs=tuple(outputs), locktime=locktime)
    spent = [spend.coin.output for spend in spends]
    signed = tuple(
        replace(bare[index], witness=spend.sign(unsigned, index, spent)) for index, spend in enumerate(spends)
    )
    return replace(unsigned, inputs=signed)


def fee_sat(inputs: int, outputs: int) -> int:
    """Return the miner's fee for a number of inputs and outputs."""
    return _FEE_SAT_PER_PART * (inputs + outputs)


@dataclass(slots=True)
class Wallet:
    """One key, its coins, and its two addresses: P2WPKH, and P2TR for change when asked."""

    secret: bytes
    coins: list[Coin] = field(default_factory=list)
    script: bytes = field(init=False)  #: where it is paid

    def __post_init__(self) -> None:
        self.script = p2wpkh_script(public_key(self.secret))

    @property
    def taproot_script(self) -> bytes:
        """The output script of the same key under taproot."""
        return taproot_output_script(public_xonly(self.secret))

    def pay(
        self, outputs: Sequence[Output], *, first: Sequence[Spend] = (), taproot_change: bool = False
    ) -> Transaction:
        """Return a transaction with these outputs and change behind them.

        `first` are spends of others that stand before the wallet's own. Raise
        `ValueError` when the coins do not suffice.
        """
        own = self._chosen(outputs, first)
        spends = [*first, *own]
        left_sat = _worth_sat(spends) - sum(output.value_sat for output in outputs)
        change_sat = left_sat - fee_sat(len(spends), len(outputs) + 1)
        script = self.taproot_script if taproot_change else self.script
        change = [Output(value_sat=change_sat, script=script)] if change_sat >= _DUST_SAT else []
        tx = assemble(spends, [*outputs, *change])
        self.coins = [coin for coin in self.coins if coin not in [spend.coin for spend in own]]
        if change:
            self.coins.append(coin_of(tx, len(outputs)))
        return tx

    def receive(self, tx: Transaction) -> None:
        """Take in what a transaction pays to the wallet's address."""
        self.coins += [
            coin_of(tx, vout) for vout, output in enumerate(tx.outputs) if output.script == self.script
        ]

    def _chosen(self, outputs: Sequence[Output], first: Sequence[Spend]) -> list[Spend]:
        own: list[Spend] = []
        paid_sat = sum(output.value_sat for output in outputs)
        for coin in self.coins:
            needed_sat = paid_sat + fee_sat(len(first) + len(own), len(outputs) + 1)
            if own and _worth_sat([*first, *own]) >= needed_sat:
                break
            own.append(self.spend(coin))
        if _worth_sat([*first, *own]) < paid_sat + fee_sat(len(first) + len(own), len(outputs)):
            msg = f"a wallet with {len(self.coins)} coins cannot pay {paid_sat} sat"
            raise ValueError(msg)
        return own

    def spend(self, coin: Coin) -> Spend:
        """Return how one of its coins is spent."""
        sign = self._sign_key_path if is_p2tr(coin.output.script) else self._sign_p2wpkh
        return Spend(coin=coin, sign=sign)

    def _sign_p2wpkh(self, tx: Transaction, index: int, spent: Sequence[Output]) -> tuple[bytes, ...]:
        code = p2wpkh_script_code(self.script)
        digest = sighash_segwit_v0(tx, index, code, spent[index].value_sat)
        return ecdsa_sign(self.secret, digest) + _SIGHASH_ALL, public_key(self.secret)

    def _sign_key_path(self, tx: Transaction, index: int, spent: Sequence[Output]) -> tuple[bytes, ...]:
        digest = sighash_taproot(tx, index, spent, 0)
        return (schnorr_sign(key_path_secret(self.secret), digest),)


def _worth_sat(spends: Sequence[Spend]) -> int:
    return sum(spend.coin.output.value_sat for spend in spends)


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
