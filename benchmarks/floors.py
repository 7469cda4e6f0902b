"""Work that nobody can do without, against what the product makes of it; prints rows as JSON.

python -m benchmarks.floors SITE
"""

import json
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from embit.util import secp256k1 as lib

from benchmarks.drawing import compared
from benchmarks.row import MIB, Row
from generator import store
from generator.protocol.nostr.event import Event, sign
from generator.snapshot import Line

EVENTS: Final = 2000
CONTENT: Final = json.dumps({"founderKey": "02" + "a" * 64, "startDate": 1_700_000_000, "stages": [1, 2, 3]})


def _once(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def signatures() -> Row:
    """Compare reading, hashing and checking an event with the call of libsecp256k1 alone."""
    events = [
        sign(bytes([7]) * 32, kind=3030, content=CONTENT, created_at=1_700_000_000 + n) for n in range(EVENTS)
    ]
    texts = [json.dumps(event.to_obj()).encode() for event in events]
    raw = [(bytes.fromhex(e.pubkey), bytes.fromhex(e.id), bytes.fromhex(e.sig)) for e in events]
    decode = msgspec.json.Decoder().decode

    def ours() -> None:
        for text in texts:
            if problem := Event.parse(decode(text)).problem:
                raise ValueError(problem)

    def floor() -> None:
        for key, message, signature in raw:
            if not lib.schnorrsig_verify(signature, message, lib.ec_pubkey_parse(b"\x02" + key)):
                raise ValueError(message)

    ours_s, floor_s = compared(ours, floor)
    text = f"{ours_s / EVENTS * 1e6:.0f} µs; {floor_s / EVENTS * 1e6:.0f} µs an event"
    return Row(name="libsecp256k1 ÷ Nostr JSON to signature", value=floor_s / ours_s, least=0.85, text=text)


def reading(log: Path) -> Row:
    """Compare loading and folding a log with decoding its lines."""
    rows = [row for path in log.glob("*/*.jsonl") for row in path.read_bytes().splitlines()[1:]]
    decode = msgspec.json.Decoder(Line).decode
    floor_s = min(_once(lambda: [decode(row) for row in rows]) for _ in range(3))
    ours_s = min(_once(lambda: store.load(log)) for _ in range(3))
    text = f"{len(rows)} lines, {ours_s:.2f} s; {floor_s:.2f} s"
    return Row(name="log: load and fold ÷ msgspec decoding", value=ours_s / floor_s, text=text)


def hashing(log: Path) -> Row:
    """State what hashing the log's bytes costs: the floor of a render without news."""
    data = [path.read_bytes() for path in log.glob("*/*.jsonl")]
    [seconds] = compared(lambda: [sha256(part).digest() for part in data])
    size = sum(map(len, data)) / MIB
    return Row(name="sha256 over the log, ms", value=seconds * 1e3, text=f"{size:.1f} MiB")


def main() -> None:
    """Print rows."""
    log = Path(sys.argv[1], "content/snapshots")
    for row in (signatures(), reading(log), hashing(log)):
        print(row.as_json())


if __name__ == "__main__":
    main()
