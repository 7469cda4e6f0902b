"""Bitcoin as values: transactions, signature hashes, headers, Merkle branches, scripts; no socket.

Hashes and transaction ids are displayed hex wherever they leave or enter this
package; scripts and keys are bytes; amounts are satoshis.
"""

from generator.protocol.bitcoin.address import address_of_script, script_of_address, segwit_address
from generator.protocol.bitcoin.bip32 import child_key
from generator.protocol.bitcoin.header import Header
from generator.protocol.bitcoin.merkle import merkle_branch, merkle_root, root_of_branch
from generator.protocol.bitcoin.script import (
    OP_CHECKLOCKTIMEVERIFY,
    OP_CHECKSEQUENCEVERIFY,
    OP_CHECKSIG,
    OP_CHECKSIGVERIFY,
    OP_EQUAL,
    OP_EQUALVERIFY,
    OP_HASH256,
    OP_RETURN,
    is_p2tr,
    is_p2wpkh,
    is_p2wsh,
    minimal_number,
    op_return,
    p2tr_script,
    p2wpkh_script,
    p2wsh_script,
    push,
    pushes,
    script_of,
)
from generator.protocol.bitcoin.serialization import MalformedData, compact, counted, displayed, undisplayed
from generator.protocol.bitcoin.sighash import p2wpkh_script_code, sighash_segwit_v0, sighash_taproot
from generator.protocol.bitcoin.taproot import (
    LEAF_VERSION,
    ScriptPath,
    branch_hash,
    key_path_secret,
    leaf_hash,
    output_key,
    output_key_of_control_block,
    taproot_output_script,
)
from generator.protocol.bitcoin.tapscript import (
    InvalidWitness,
    UndecidedWitness,
    check_witness,
    spent_outpoints,
)
from generator.protocol.bitcoin.transaction import MAX_SAT, Input, Output, Transaction
from generator.protocol.hashes import hash160, sha256d, tagged_hash
