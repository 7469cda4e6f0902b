// Answers the same questions as our own Bitcoin code, with @scure/btc-signer and @noble/curves:
// one JSON case a line on standard input, one JSON answer a line on standard output.
import { createInterface } from "node:readline";
import { schnorr } from "@noble/curves/secp256k1.js";
import { p2tr, Transaction } from "@scure/btc-signer";

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (data) => Buffer.from(data).toString("hex");
const open = { allowUnknownOutputs: true, allowUnknownInputs: true, disableScriptCheck: true, allowUnknownVersion: true };

// a tree is a script in hex, or a pair of trees
const tree = (node) => (typeof node === "string" ? { script: bytes(node) } : node.map(tree));

const answers = {
  output({ internal, root }) {
    const made = root === null
      ? p2tr(bytes(internal), undefined, undefined, true)
      : p2tr(bytes(internal), tree(root), undefined, true);
    const proofs = (made.leaves ?? []).map((leaf) => [hex(leaf.script), hex(leaf.controlBlock)]);
    return { script: hex(made.script), proofs: proofs.sort() };
  },
  sighash({ raw, index, scripts, values, type, leaf, annex }) {
    const transaction = Transaction.fromRaw(bytes(raw), open);
    const hash = transaction.preimageWitnessV1(
      index, scripts.map(bytes), type, values.map(BigInt), -1,
      leaf === null ? undefined : bytes(leaf), 0xc0, annex === null ? undefined : bytes(annex),
    );
    return { hash: hex(hash) };
  },
  sign({ secret, message, aux }) {
    const signature = schnorr.sign(bytes(message), bytes(secret), bytes(aux));
    return { signature: hex(signature), key: hex(schnorr.getPublicKey(bytes(secret))) };
  },
  verify({ key, message, signature }) {
    return { ok: schnorr.verify(bytes(signature), bytes(message), bytes(key)) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { kind, ...question } = JSON.parse(line);
  let answer;
  try {
    answer = answers[kind](question);
  } catch (error) {
    answer = { refused: String(error.message) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
