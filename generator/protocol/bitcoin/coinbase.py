"""What the first transaction of a block says of the block: its height (BIP 34)."""

from generator.protocol.bitcoin.script import minimal_number, read_push, script_of
from generator.protocol.bitcoin.serialization import MalformedData, Reader
from generator.protocol.bitcoin.transaction import Transaction

#: Bytes of the largest height that is read.
_MOST_BYTES = 5


def stated_height(coinbase: Transaction) -> int | None:
    """Return the height that a coinbase states as consensus wants it, None where it states none.

    It is the first push of its input script, in the shortest form (Core: ``ContextualCheckBlock``).
    """
    if not coinbase.is_coinbase:
        return None
    script = coinbase.inputs[0].script_sig
    reader = Reader(script)
    try:
        pushed = read_push(reader.uint(1), reader)
    except MalformedData:
        return None
    height = int.from_bytes(pushed, "little")
    if len(pushed) > _MOST_BYTES or not script.startswith(script_of(minimal_number(height))):
        return None
    return height
