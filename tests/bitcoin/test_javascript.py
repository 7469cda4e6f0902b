"""Taproot outputs, signature hashes and Schnorr agree with two JavaScript libraries in many cases."""

import json
import random
import subprocess
from collections import Counter
from typing import Any

import pytest

from generator.protocol.bitcoin import Output, Transaction, sighash_taproot
from generator.protocol.bitcoin.taproot import (
    branch_hash,
    leaf_hash,
    output_key_of_control_block,
    taproot_output_script,
)
from generator.protocol.bitcoin.transaction import Input
from generator.protocol.curve import public_key, public_xonly, schnorr_sign, schnorr_verify
from tests.support.paths import NODE
from tests.support.proving import in_full, seeds

pytestmark = [pytest.mark.node, pytest.mark.proof]

TYPES = (0x00, 0x01, 0x02, 0x03, 0x81, 0x82, 0x83)
EACH = in_full(200, 1000)  #: cases, times what each kind weighs below
COUNTS = {"output": 5 * EACH // 2, "sighash": 7 * EACH // 2, "sign": 3 * EACH // 2, "verify": 5 * EACH // 2}
Json = dict[str, Any]
Tree = str | list["Tree"]


class Maker:
    """Makes random cases from one seed; amounts, scripts and trees of every shape."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 -- cases, not secrets

    def case(self, kind: str) -> Json:
        return {"kind": kind, **getattr(self, f"_{kind}")()}

    def secret(self) -> bytes:
        return self.random.randbytes(31).rjust(32, b"\x01")

    def _output(self) -> Json:
        leaves = self.random.choice((0, 1, 1, 2, 3, 4, 7, 12))
        root = self._tree([self._script() for _ in range(leaves)]) if leaves else None
        return {"internal": public_xonly(self.secret()).hex(), "root": root}

    def _script(self) -> str:
        """Return a distinct script of pushes, as long as scripts of Angor and much longer."""
        pushes = [
            self.random.randbytes(self.random.choice((1, 4, 32, 75)))
            for _ in range(self.random.randint(1, 9))
        ]
        return b"".join(bytes([len(push)]) + push for push in pushes).hex()

    def _tree(self, scripts: list[str]) -> Tree:
        if len(scripts) == 1:
            return scripts[0]
        cut = self.random.randint(1, len(scripts) - 1)
        return [self._tree(scripts[:cut]), self._tree(scripts[cut:])]

    def _sighash(self) -> Json:
        inputs = tuple(
            Input(
                prev_txid=self.random.randbytes(32).hex(),
                vout=self.random.choice((0, 1, 2**32 - 2)),
                script_sig=b"",
                sequence=self.random.choice((0, 1, 0xFFFFFFFE, 0xFFFFFFFF, 0x400697)),
                witness=(),
            )
            for _ in range(self.random.randint(1, 6))
        )
        outputs = tuple(self._paid() for _ in range(self.random.randint(1, 6)))
        transaction = Transaction(
            version=self.random.choice((1, 2, 3)),
            inputs=inputs,
            outputs=outputs,
            locktime=self.random.choice((0, 500, 1_800_000_060, 2**32 - 1)),
        )
        spent = [self._paid() for _ in inputs]
        script = self.random.random() < 0.7
        return {
            "raw": transaction.serialize().hex(),
            "index": self.random.randrange(len(inputs)),
            "scripts": [output.script.hex() for output in spent],
            "values": [str(output.value_sat) for output in spent],
            "type": self.random.choice(TYPES),
            "leaf": self._script() if script else None,
            "annex": (b"\x50" + self.random.randbytes(self.random.randint(0, 300))).hex()
            if self.random.random() < 0.2
            else None,
        }

    def _paid(self) -> Output:
        value_sat = self.random.choice((0, 330, 10_001, self.random.randrange(21 * 10**14)))
        return Output(value_sat=value_sat, script=b"\x51\x20" + public_xonly(self.secret()))

    def _sign(self) -> Json:
        aux, message = self.random.randbytes(32), self.random.randbytes(32)
        return {"secret": self.secret().hex(), "message": message.hex(), "aux": aux.hex()}

    def _verify(self) -> Json:
        """Return a signature that is right, of something else, changed in a bit, or no signature at all."""
        secret, message = self.secret(), self.random.randbytes(32)
        parts = {"key": public_xonly(secret), "message": message, "signature": schnorr_sign(secret, message)}
        spoilt = self.random.choice(
            (None, None, "key", "message", "signature", "other key", "high s", "zero")
        )
        if spoilt in parts:
            raw = bytearray(parts[spoilt])
            raw[self.random.randrange(len(raw))] ^= 1 << self.random.randrange(8)
            parts[spoilt] = bytes(raw)
        elif spoilt == "other key":
            parts["key"] = public_key(self.secret())[1:]
        elif spoilt == "high s":
            parts["signature"] = parts["signature"][:32] + b"\xff" * 32
        elif spoilt == "zero":
            parts["signature"] = bytes(64)
        return {name: value.hex() for name, value in parts.items()}


def root_of(tree: Tree) -> bytes:
    if isinstance(tree, str):
        return leaf_hash(bytes.fromhex(tree))
    return branch_hash(root_of(tree[0]), root_of(tree[1]))


def ours(case: Json) -> Json | None:
    """Return our answer, None where we refuse."""
    match case["kind"]:
        case "output":
            root = b"" if case["root"] is None else root_of(case["root"])
            return {"script": taproot_output_script(bytes.fromhex(case["internal"]), root).hex()}
        case "sighash":
            transaction = Transaction.parse(bytes.fromhex(case["raw"]))
            spent = [
                Output(value_sat=int(value), script=bytes.fromhex(script))
                for value, script in zip(case["values"], case["scripts"], strict=True)
            ]
            leaf = None if case["leaf"] is None else leaf_hash(bytes.fromhex(case["leaf"]))
            annex = None if case["annex"] is None else bytes.fromhex(case["annex"])
            try:
                found = sighash_taproot(
                    transaction, case["index"], spent, case["type"], leaf_hash=leaf, annex=annex
                )
            except ValueError:
                return None
            return {"hash": found.hex()}
        case "sign":
            secret, message = bytes.fromhex(case["secret"]), bytes.fromhex(case["message"])
            signature = schnorr_sign(secret, message, aux=bytes.fromhex(case["aux"]))
            return {"signature": signature.hex(), "key": public_xonly(secret).hex()}
        case _:
            parts = [bytes.fromhex(case[name]) for name in ("key", "message", "signature")]
            return {"ok": schnorr_verify(*parts)}


def theirs(cases: list[Json]) -> list[Json]:
    """Return the answers of the JavaScript libraries, all in one batch."""
    if not (NODE / "node_modules" / "@noble" / "curves").is_dir():
        pytest.skip("the npm tools are not installed: npm ci --prefix tests/node")
    done = subprocess.run(
        ["node", NODE / "curve.mjs"],
        input="\n".join(json.dumps(case) for case in cases) + "\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def compared(case: Json, mine: Json | None, other: Json) -> str:
    """Return in a word how two answers agree; fail where they do not."""
    if mine is None or "refused" in other:
        assert mine is None and "SINGLE" in other["refused"], (case, mine, other)  # noqa: PT018 -- one agreement
        return "refused by both"
    for script, control_block in other.pop("proofs", ()):
        key, parity = output_key_of_control_block(bytes.fromhex(script), bytes.fromhex(control_block))
        assert mine["script"] == "5120" + key.hex(), case
        assert parity == int(control_block[:2], 16) & 1, case
    assert mine == other, case
    return {"ok": "valid" if mine.get("ok") else "invalid"}.get(next(iter(mine)), "same")


@pytest.mark.slow
def test_thousands_of_random_cases_agree() -> None:
    [chance] = seeds(1, 1)
    cases = []
    for seed in (1, chance):
        maker = Maker(seed)
        cases += [maker.case(kind) for kind, count in COUNTS.items() for _ in range(count // 2)]
    answers = theirs(cases)
    assert len(answers) == len(cases) == 10 * EACH
    outcomes = Counter(
        f"{case['kind']}: {compared(case, ours(case), answer)}"
        for case, answer in zip(cases, answers, strict=True)
    )
    print(
        f"{len(cases)} cases from seeds 1 and {chance}: "
        + "; ".join(f"{k} {v}" for k, v in sorted(outcomes.items()))
    )
    assert outcomes.keys() == {
        *("output: same", "sighash: same", "sighash: refused by both", "sign: same"),
        *("verify: valid", "verify: invalid"),
    }
    assert min(outcomes.values()) >= EACH / 10
