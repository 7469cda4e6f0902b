"""What the receiver of webhooks keeps over a restart: deliveries taken, and a rebuild that is owed."""

from collections import Counter, OrderedDict
from pathlib import Path
from typing import Final

import msgspec

from generator.atomic import write_whole
from generator.unreadable import UNREADABLE

#: Where they are kept, beside the configuration; ignored by git.
DELIVERIES: Final = Path(".sunlit/deliveries.jsonl")
OWED: Final = Path(".sunlit/hook-unasked")
#: Deliveries remembered; BTCPay sends one again for about an hour.
MOST: Final = 5_000


class TakenDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the file; `id` is a keyed hash."""

    id: str
    type: str
    server: str  #: our name for it; no id of BTCPay's is kept
    at: int


_FULL: Final = b"full"
_LINE: Final = msgspec.json.Decoder(TakenDelivery)
_ENCODER: Final = msgspec.json.Encoder(order="sorted")


class DeliveryMemory:
    """A file of deliveries, so that a redelivery is known; a damaged line is left out, never the rest.

    The file is written again once in `MOST` deliveries, when it has twice as many lines.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: OrderedDict[str, TakenDelivery] = OrderedDict()
        kept = path.read_bytes() if path.is_file() else b""
        is_cut = not kept.endswith(b"\n") and bool(kept)
        for line in kept.splitlines():
            try:
                delivery = _LINE.decode(line)
            except UNREADABLE:
                continue
            self._known[delivery.id] = delivery
        self._lines = 2 * MOST if is_cut else len(self._known)  #: of the file; so many are written again
        self._forget()

    def __len__(self) -> int:
        """Count what is remembered."""
        return len(self._known)

    def __contains__(self, delivery: TakenDelivery) -> bool:
        """Tell whether a delivery is remembered."""
        return delivery.id in self._known

    def times(self, server: str) -> Counter[int]:
        """Count the deliveries of a server by the second of their event, where they told one."""
        known = self._known.values()
        return Counter(delivery.at for delivery in known if delivery.server == server and delivery.at)

    def remember(self, delivery: TakenDelivery) -> bool:
        """Keep a delivery; tell whether it is new."""
        if delivery in self:
            return False
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._lines >= 2 * MOST:
            write_whole(self._path, map(_line, self._known.values()))
            self._lines = len(self._known)
        before, self._lines = self._lines, 2 * MOST  # unless the whole line fits on the disk
        with self._path.open("ab") as file:
            file.write(_line(delivery))
        self._lines = before + 1
        self._known[delivery.id] = delivery
        self._forget()
        return True

    def _forget(self) -> None:
        while len(self._known) > MOST:
            self._known.popitem(last=False)


def _line(delivery: TakenDelivery) -> bytes:
    return _ENCODER.encode(delivery) + b"\n"


class OwedRebuild:
    """A file that stands while a rebuild is owed, so that a crash loses nothing; it says if a full one is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._came = 0  #: how often something came since this process began

    @property
    def is_owed(self) -> bool:
        """Whether a rebuild is owed, by this process or one before it."""
        return self._path.exists()

    @property
    def is_full(self) -> bool:
        """Whether the rebuild that is owed must read everything again."""
        return self.is_owed and self._path.read_bytes() == _FULL

    def owe(self, *, full: bool) -> None:
        """Note that something came, and if it asks for a `full` read; who asked for one before still does."""
        self._came += 1
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if full:
            self._path.write_bytes(_FULL)
        self._path.touch()

    def begin(self) -> int:
        """Note that a rebuild is about to be asked for; `done` needs the number that this returns."""
        return self._came

    def done(self, begun: int) -> None:
        """Take the note away, unless something came since `begin`."""
        if begun == self._came:
            self._path.unlink(missing_ok=True)
