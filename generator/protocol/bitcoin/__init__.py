"""Bitcoin as values: transactions, signature hashes, headers, Merkle branches, scripts; no socket.

Hashes and transaction ids are displayed hex wherever they leave or enter this
package; scripts and keys are bytes; amounts are satoshis.
"""

from generator.protocol.bitcoin.blocks import Header, merkle_branch, merkle_root, root_of_branch
from generator.protocol.bitcoin.script import (
    address_of_script,
    hash160,
    is_p2tr,
    is_p2wpkh,
    is_p2wsh,
    op_return,
    p2tr_script,
    p2wpkh_script,
    p2wsh_script,
    push,
    pushes,
    script_of_address,
)
from generator.protocol.bitcoin.serialization import (
    Malformed,
    compact,
    counted,
    displayed,
    sha256d,
    undisplayed,
)
from generator.protocol.bitcoin.sighash import p2wpkh_script_code, sighash_segwit_v0, sighash_taproot
from generator.protocol.bitcoin.taproot import (
    branch_hash,
    key_path_secret,
    leaf_hash,
    output_key_of_control_block,
    taproot_output_script,
)
from generator.protocol.bitcoin.transaction import Input, Output, Transaction
from generator.protocol.bitcoin.witness import NotOpened, NotTold, check_opening, spent_outpoints
from generator.protocol.curve import tagged_hash

__all__ = [
    "Header",
    "Input",
    "Malformed",
    "NotOpened",
    "NotTold",
    "Output",
    "Transaction",
    "address_of_script",
    "branch_hash",
    "check_opening",
    "compact",
    "counted",
    "displayed",
    "hash160",
    "is_p2tr",
    "is_p2wpkh",
    "is_p2wsh",
    "key_path_secret",
    "leaf_hash",
    "merkle_branch",
    "merkle_root",
    "op_return",
    "output_key_of_control_block",
    "p2tr_script",
    "p2wpkh_script",
    "p2wpkh_script_code",
    "p2wsh_script",
    "push",
    "pushes",
    "root_of_branch",
    "script_of_address",
    "sha256d",
    "sighash_segwit_v0",
    "sighash_taproot",
    "spent_outpoints",
    "tagged_hash",
    "taproot_output_script",
    "undisplayed",
]
