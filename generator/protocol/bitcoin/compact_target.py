"""Targets in the four bytes of a header, and how the target of an epoch follows from the one before."""

from typing import Final

#: Blocks that share one target.
EPOCH_BLOCKS: Final = 2016
#: Seconds that they are to take.
_TIMESPAN_S: Final = 14 * 24 * 3600
#: By at most this factor a target changes.
_MOST: Final = 4
_SIGN: Final = 0x800000
_MANTISSA_BYTES: Final = 3


def target_of(bits: int) -> int:
    """Return the number that a hash must not exceed; 0 where `bits` encodes none (Core: ``SetCompact``)."""
    exponent, mantissa = bits >> 24, bits & (_SIGN - 1)
    if bits & _SIGN:
        return 0
    shift = 8 * (exponent - _MANTISSA_BYTES)
    target = mantissa << shift if shift >= 0 else mantissa >> -shift
    return target if target < 1 << 256 else 0


def bits_of(target: int) -> int:
    """Return a target in four bytes, rounded down to what they hold (Core: ``GetCompact``)."""
    size = (target.bit_length() + 7) // 8
    shift = 8 * (size - _MANTISSA_BYTES)
    mantissa = target >> shift if shift >= 0 else target << -shift
    if mantissa & _SIGN:  # it would read as negative
        mantissa, size = mantissa >> 8, size + 1
    return size << 24 | mantissa


def next_bits(bits: int, *, first_s: int, last_s: int, limit: int) -> int:
    """Return the target of an epoch from the one before it (Core: ``CalculateNextWorkRequired``).

    `first_s` and `last_s` are the times of that one's first and last header, 2,015 blocks
    apart though its timespan is of 2,016; `limit` is the easiest target of the chain.
    """
    took_s = min(max(last_s - first_s, _TIMESPAN_S // _MOST), _TIMESPAN_S * _MOST)
    return bits_of(min(target_of(bits) * took_s // _TIMESPAN_S, limit))


def work_of(bits: int) -> int:
    """Return how many hashes a header with this target costs on average."""
    return (1 << 256) // (target_of(bits) + 1)
