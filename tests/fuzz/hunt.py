"""One hunt: inputs given to a parser, and those that it should not have stumbled over."""

import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.support.paths import ROOT

if TYPE_CHECKING:  # a run by coverage imports the parsers itself, so that they can be watched
    from tests.fuzz.parsers import Parser

SLOW_S: Final = 2.0
FOLDER: Final = ROOT / ".sunlit/fuzz"


@dataclass(slots=True)
class Hunt:
    """Inputs given to one parser, and those that it should not have stumbled over."""

    name: str
    parser: "Parser"
    runs: Counter[str] = field(default_factory=Counter)
    finds: dict[str, str] = field(default_factory=dict)  #: what happened and where → file of the input
    slowest_s: float = 0.0

    def __call__(self, data: bytes) -> None:
        """Read one input; keep it where it raised what is not documented, or was slow."""
        began = time.process_time()
        try:
            self.runs["taken" if self.parser.takes(data) else "refused"] += 1
        except Exception as error:  # noqa: BLE001 -- whatever comes is what is looked for
            self.runs["broken"] += 1
            self._keep(data, f"{type(error).__name__} at {_place(error)}")
        cost = time.process_time() - began
        self.slowest_s = max(self.slowest_s, cost)
        if cost > SLOW_S:
            self._keep(data, f"slow: over {SLOW_S:g} s")

    def _keep(self, data: bytes, what: str) -> None:
        if what not in self.finds:
            path = FOLDER / f"found-{self.name}-{sha256(data).hexdigest()[:12]}"
            path.write_bytes(data)
            self.finds[what] = path.name

    def said(self) -> str:
        """Return one line, and one more for each find."""
        outcomes = ", ".join(f"{count} {what}" for what, count in sorted(self.runs.items()))
        head = f"{self.name}: {self.runs.total()} executions ({outcomes}), slowest {self.slowest_s:.2f} s"
        return "\n".join((head, *(f"  FOUND {what}: {file}" for what, file in sorted(self.finds.items()))))


def _place(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "generator" in frame.filename]
    last = (frames or traceback.extract_tb(error.__traceback__))[-1]
    return f"{Path(last.filename).name}:{last.name}"
