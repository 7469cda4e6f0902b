"""Bitcoin as values: transactions, signature hashes, headers, Merkle branches, scripts; no socket.

Hashes and transaction ids are displayed hex wherever they leave or enter this
package; scripts and keys are bytes; amounts are satoshis.
"""

from generator.protocol.bitcoin.coinbase import stated_height
from generator.protocol.bitcoin.epochs import Boundary, EpochAnchor, Epochs, is_boundary
from generator.protocol.bitcoin.header import Header, merkle_branch, merkle_root, root_of_branch
from generator.protocol.bitcoin.script import (
    Op,
    address_of_script,
    is_p2wsh,
    op_return,
    p2tr_script,
    p2wsh_script,
    script_of,
)
from generator.protocol.bitcoin.serialization import MalformedData
from generator.protocol.bitcoin.sighash import sighash_segwit_v0, sighash_taproot
from generator.protocol.bitcoin.taproot import ScriptPath, key_path_secret, leaf_hash, taproot_output_script
from generator.protocol.bitcoin.tapscript import (
    InvalidWitness,
    UndecidedWitness,
    check_witness,
    spent_outpoints,
)
from generator.protocol.bitcoin.transaction import Input, Output, Transaction
from generator.protocol.hashes import sha256d
