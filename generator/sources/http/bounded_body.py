"""The body of an answer in bounded steps: one content coding, each piece small, never more than was allowed.

httpx undoes as many codings as a server names and each piece of a body at once, so that a few kilobytes
compressed twice become gigabytes before anybody can count them.
"""

import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Final

import httpx

from generator.sources.http.retrying import AnswerTooLarge

#: The one coding that is asked for, in a header of each request.
ACCEPT_CODING: Final[Mapping[str, str]] = {"Accept-Encoding": "gzip"}
#: Bytes of one piece, before and after decompression.
STEP: Final = 64 * 2**10
_GZIP: Final = frozenset({"gzip", "x-gzip"})  # RFC 9110 8.4.1.3: the same
_WINDOW: Final = zlib.MAX_WBITS | 16  #: with the heading and the sum of gzip
_LONGEST: Final = 60  #: letters of a stranger's word in a message


class WrongCoding(httpx.DecodingError):
    """A body's coding is not the one that was asked for, or its bytes are not of that coding."""


async def read_body(response: httpx.Response, most: int) -> bytes:
    """Return a body of at most `most` bytes; raise `AnswerTooLarge` or `WrongCoding` as soon as it is not.

    Use it for an answer that was not read yet, instead of its own `aread` and `aiter_bytes`.
    """
    pieces: list[bytes] = []
    size = 0
    async for piece in _pieces(response, most):
        size += len(piece)
        if size > most:
            raise AnswerTooLarge(most)
        pieces.append(piece)
    return b"".join(pieces)


async def _pieces(response: httpx.Response, most: int) -> AsyncIterator[bytes]:
    if response.is_stream_consumed:  # a transport without a network gives its body whole
        yield await response.aread()
        return
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding in ("", "identity"):
        async for raw in response.aiter_raw(STEP):
            yield raw
        return
    if coding not in _GZIP:
        what = "several codings" if "," in coding else "a coding"
        msg = f"{what}, {coding[:_LONGEST]!a}, where gzip or none was asked for"
        raise WrongCoding(msg)
    unpacker, sent = zlib.decompressobj(_WINDOW), 0
    async for raw in response.aiter_raw(STEP):
        sent += len(raw)
        if sent > most:  # a packed body can be long and hold nothing
            raise AnswerTooLarge(most)
        for piece in _unpacked(unpacker, raw):
            yield piece
    if sent and not unpacker.eof:
        msg = "gzip that is cut off"
        raise WrongCoding(msg)


def _unpacked(unpacker: "zlib._Decompress", raw: bytes) -> Iterator[bytes]:
    try:
        while not unpacker.eof:
            piece = unpacker.decompress(raw, STEP)
            yield piece
            raw = unpacker.unconsumed_tail
            if not (raw or unpacker.eof) and len(piece) < STEP:
                return
    except zlib.error as error:
        msg = "gzip that is damaged"
        raise WrongCoding(msg) from error
    if raw or unpacker.unused_data:
        msg = "gzip with more behind its end"
        raise WrongCoding(msg)
