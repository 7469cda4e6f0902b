"""A file that stands while a rebuild is owed for something that came, so that a crash loses nothing."""

from pathlib import Path
from typing import Final

#: Where it stands, beside the configuration; ignored by git.
OWED: Final = Path(".sunlit/hook-unasked")


class OwedRebuild:
    """The file, and how often something came since this process began."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._came = 0

    @property
    def is_owed(self) -> bool:
        """Whether a rebuild is owed, by this process or one before it."""
        return self._path.exists()

    def owe(self) -> None:
        """Note that something came."""
        self._came += 1
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch()

    def begin(self) -> int:
        """Note that a rebuild is about to be asked for; `done` needs the number that this returns."""
        return self._came

    def done(self, begun: int) -> None:
        """Take the note away, unless something came since `begin`."""
        if begun == self._came:
            self._path.unlink(missing_ok=True)
