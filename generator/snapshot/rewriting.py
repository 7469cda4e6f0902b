"""Writing a log anew without texts that were taken down, sealed again by each of its run records; pure.

It is the one exception to lines that are never edited. Lengths, hashes and snapshot ids
are then those of the log as it is now, so a log that was rewritten holds like any other.
"""

from collections.abc import Mapping
from hashlib import sha256

import msgspec

from generator.errors import LogError
from generator.snapshot.batch import RUNS
from generator.snapshot.fold import snapshot_id
from generator.snapshot.lines import Line, decode, encode
from generator.snapshot.log_file import in_order
from generator.snapshot.records import Record
from generator.snapshot.run_record import FileState, Run
from generator.snapshot.takedown import Standing, redacted


def rewritten(files: Mapping[str, bytes], standing: Standing) -> dict[str, bytes]:
    """Return the files of a log, by relative path, without what the redactions in `standing` take down.

    Raise `LogError` for a file that cannot be read.
    """
    writer = _Writer(standing)
    for path in sorted(in_order(files), key=lambda path: path.startswith(f"{RUNS}/")):
        writer.add(path, files[path])
    return {path: bytes(data) for path, data in writer.files.items()}


class _Writer:
    """Keeps where each old line ended in the new file, so that run records find their prefixes."""

    def __init__(self, standing: Standing) -> None:
        self.files: dict[str, bytearray] = {}
        self._standing = standing
        self._ends: dict[str, dict[int, int]] = {}  #: by path: length of an old prefix → of the new one
        self._states: dict[str, FileState] = {}

    def add(self, path: str, data: bytes) -> None:
        """Write one file; those of run records come last, in their order."""
        _, lines = decode(path, data)
        heading, *rows = [row + b"\n" for row in data.split(b"\n")[:-1]]
        made = self.files[path] = bytearray(heading)
        before = len(heading)
        ends = self._ends[path] = {before: before}
        for row, line in zip(rows, lines, strict=True):
            before += len(row)
            record = self._changed(line)
            made += row if record == line.record else encode(Line(run=line.run, record=record))
            ends[before] = len(made)

    def _changed(self, line: Line) -> Record:
        if not isinstance(line.record, Run):
            return redacted(line.record, self._standing)
        states = tuple(map(self._state, line.record.files))
        self._states |= {state.path: state for state in states}
        sealed = snapshot_id(self._states.values())
        return msgspec.structs.replace(line.record, files=states, snapshot=sealed)

    def _state(self, state: FileState) -> FileState:
        length = self._ends.get(state.path, {}).get(state.length)
        if length is None:
            msg = f"{state.path}: no line ends after {state.length} bytes, as a run record says; restore it"
            raise LogError(msg)
        found = sha256(self.files[state.path][:length]).hexdigest()
        return FileState(path=state.path, length=length, sha256=found)
