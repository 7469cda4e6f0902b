"""Which webhook deliveries were taken: a short file, so that a redelivery is known after a restart."""

from collections import Counter, OrderedDict
from pathlib import Path
from typing import Final

import msgspec

from generator.atomic import write_whole

#: Where they are kept, beside the configuration; ignored by git.
REMEMBERED: Final = Path(".sunlit/deliveries.jsonl")
#: Deliveries remembered; BTCPay sends one again for about an hour.
MOST: Final = 5_000


class TakenDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery; `id` is a keyed hash."""

    id: str
    type: str
    server: str  #: our name for it; no id of BTCPay's is kept
    at: int


_DECODER: Final = msgspec.json.Decoder(TakenDelivery)
_ENCODER: Final = msgspec.json.Encoder(order="sorted")


class Deliveries:
    """The file and what it holds; a damaged line is left out, never the rest."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: OrderedDict[str, TakenDelivery] = OrderedDict()
        for line in path.read_bytes().splitlines() if path.is_file() else ():
            try:
                row = _DECODER.decode(line)
            except msgspec.DecodeError:
                continue
            self._rows[row.id] = row

    def __len__(self) -> int:
        """Return how many are remembered."""
        return len(self._rows)

    def __contains__(self, row: TakenDelivery) -> bool:
        """Tell whether a delivery is remembered."""
        return row.id in self._rows

    def times(self, server: str) -> Counter[int]:
        """Return how many deliveries of a server are remembered, by the second of their event."""
        return Counter(row.at for row in self._rows.values() if row.server == server)

    def remember(self, row: TakenDelivery) -> bool:
        """Keep a delivery; tell whether it is new."""
        if row in self:
            return False
        self._rows[row.id] = row
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if len(self._rows) > MOST:
            while len(self._rows) > MOST:
                self._rows.popitem(last=False)
            write_whole(self._path, b"".join(_ENCODER.encode(one) + b"\n" for one in self._rows.values()))
        else:
            with self._path.open("ab") as file:
                file.write(_ENCODER.encode(row) + b"\n")
        return True


class Unasked:
    """A file that stands while a rebuild is owed for something that came, so that a crash loses nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._came = 0

    @property
    def standing(self) -> bool:
        """Tell whether an earlier process left something."""
        return self._path.exists()

    def mark(self) -> None:
        """Note that something came."""
        self._came += 1
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch()

    def begin(self) -> int:
        """Return what `done` needs once a rebuild was asked for."""
        return self._came

    def done(self, begun: int) -> None:
        """Take the note away, unless something came since `begin`."""
        if begun == self._came:
            self._path.unlink(missing_ok=True)
