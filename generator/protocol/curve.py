"""Keys and signatures on secp256k1: embit, behind types.

The only module that calls embit's elliptic curve code. Secrets and signed messages
are 32 bytes, x-only public keys 32, compressed ones 33; a wrong length or a value
outside the curve raises `ValueError`, a signature that does not fit is ``False``.
"""

from functools import lru_cache

from embit.util import secp256k1 as lib

from generator.protocol.hashes import tagged_hash

_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def is_native() -> bool:
    """Tell whether embit found its native library; without it a verification takes milliseconds."""
    return hasattr(lib, "ec_pubkey_create") and lib.ec_pubkey_create.__module__.endswith("ctypes_secp256k1")


def is_point(key: bytes) -> bool:
    """Tell whether 33 bytes are a compressed point of the curve."""
    return len(key) == 33 and _parsed(key) is not None  # noqa: PLR2004 - SEC 1: a prefix byte and x


def public_key(secret: bytes) -> bytes:
    """Return the 33-byte compressed public key of a secret."""
    return bytes(lib.ec_pubkey_serialize(lib.ec_pubkey_create(_secret(secret))))


def public_xonly(secret: bytes) -> bytes:
    """Return the 32-byte x-only public key of a secret."""
    return public_key(secret)[1:]


@lru_cache(maxsize=4096)
def tweak_public(xonly: bytes, tweak: bytes) -> tuple[bytes, int]:
    """Add ``tweak * G`` to the even point of an x-only key (BIP-341); return x-only key and parity.

    Remembered: whoever reads a stage asks for its key again when it is matched, spent and entered.
    """
    point = _parsed(b"\x02" + xonly)
    if point is None:
        msg = f"{xonly.hex()} is not the x of a point of the curve"
        raise ValueError(msg)
    sec = bytes(lib.ec_pubkey_serialize(lib.ec_pubkey_add(point, tweak)))
    return sec[1:], sec[0] & 1


def tweak_secret(secret: bytes, tweak: bytes) -> bytes:
    """Return the secret of the key that `tweak_public` gives, for the owner of `secret`."""
    even = public_key(secret)[0] == 2  # noqa: PLR2004 - SEC 1: prefix 02 says y is even
    number = int.from_bytes(secret) if even else _ORDER - int.from_bytes(secret)
    return ((number + int.from_bytes(tweak)) % _ORDER).to_bytes(32)


def schnorr_sign(secret: bytes, message: bytes, *, aux: bytes | None = None) -> bytes:
    """Sign a 32-byte message with BIP-340; the same input gives the same 64 bytes."""
    return bytes(lib.schnorrsig_sign(_sized(message), _secret(secret), None, aux))


def schnorr_verify(xonly: bytes, message: bytes, signature: bytes) -> bool:
    """Check a BIP-340 signature over a message of any size."""
    point = _point_of(xonly)
    if point is None or len(signature) != 64:  # noqa: PLR2004 - BIP-340: a signature is R and s
        return False
    if len(message) == 32:  # noqa: PLR2004 - a hash, as every message of Bitcoin and Nostr is
        return bool(lib.schnorrsig_verify(signature, message, point))
    return _verify_any(xonly, message, signature)


def _verify_any(xonly: bytes, message: bytes, signature: bytes) -> bool:
    """Check R = s*G - e*P for a message that the library's own check does not take."""
    r, s = signature[:32], int.from_bytes(signature[32:])
    e = int.from_bytes(tagged_hash("BIP0340/challenge", r + xonly + message)) % _ORDER
    if not 0 < s < _ORDER or not e:
        return False
    # -e*(P - (s/e)*G), because the library adds multiples of G and multiplies points
    shift = -s * pow(e, -1, _ORDER) % _ORDER
    point = lib.ec_pubkey_add(_parsed(b"\x02" + xonly), shift.to_bytes(32))
    lib.ec_pubkey_tweak_mul(point, (_ORDER - e).to_bytes(32))  # in place
    return bytes(lib.ec_pubkey_serialize(point)) == b"\x02" + r


def ecdsa_sign(secret: bytes, digest: bytes) -> bytes:
    """Sign a 32-byte digest with deterministic ECDSA (RFC 6979, low s); return DER."""
    signature = lib.ecdsa_sign(_sized(digest), _secret(secret))
    return bytes(lib.ecdsa_signature_serialize_der(signature))


def _parsed(sec: bytes) -> bytes | None:
    try:
        return bytes(lib.ec_pubkey_parse(sec))
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _point_of(xonly: bytes) -> bytes | None:
    """Return the even point of a key, None without one; who signs one event signs more of them.

    For reading alone: the library changes some of the points that it is given.
    """
    return _parsed(b"\x02" + xonly)


def _secret(secret: bytes) -> bytes:
    if len(secret) != 32 or not 0 < int.from_bytes(secret) < _ORDER:  # noqa: PLR2004 - 256 bits
        msg = "a secret key is 32 bytes between 1 and the order of secp256k1"
        raise ValueError(msg)
    return secret


def _sized(message: bytes) -> bytes:
    if len(message) != 32:  # noqa: PLR2004 - we sign SHA-256 hashes and nothing else
        msg = f"a message to sign is a 32-byte hash, got {len(message)} bytes"
        raise ValueError(msg)
    return message
