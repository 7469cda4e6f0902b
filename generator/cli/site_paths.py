"""Where everything of one site lies on disk."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Self

import msgspec

from generator.build.code_stamp import code_rows
from generator.file_rows import FileRow, FileRows, row_at, rows_below, settled

#: Where a demo lives, below the folder in which it was built.
DEMO = Path(".sunlit/demo")
#: What stands before files that the configuration names, among the inputs of a site.
NAMED: Final = "named/"


class SitePaths(msgspec.Struct, frozen=True, kw_only=True):
    """What a command works on. The log of a demo never lies where a real one would."""

    file: Path  #: the configuration
    root: Path  #: folder of the configuration; of a demo, the folder in which it was built
    output: Path
    demo: bool = False

    @classmethod
    def of(cls, config: Path, output: Path | None = None, *, demo: bool) -> Self:
        """Return the paths of a configuration's site, or of the demo in the current folder."""
        root = Path.cwd() if demo else config.parent
        file = root / DEMO / "config.yaml" if demo else config
        return cls(file=file, root=root, output=output or root / "output", demo=demo)

    @property
    def written(self) -> tuple[Path, ...]:
        """The folders whose ``content/`` has texts, the first one's first; a demo brings some of its own."""
        return (self.root / DEMO, self.root) if self.demo else (self.root,)

    @property
    def log(self) -> Path:
        """The folder of the snapshot log."""
        return self.root / (DEMO / "snapshots" if self.demo else "content/snapshots")

    def log_rows(self, rows: FileRows, now_ns: int) -> dict[str, FileRow]:
        """Return from `input_rows` the rows of the log's files, by path in the log.

        They were looked at from `now_ns` on by the disk's clock: one written since then holds for nothing.
        """
        prefix = "log/" if self.demo else "content/snapshots/"
        found = {name.removeprefix(prefix): row for name, row in rows.items() if name.startswith(prefix)}
        return settled(found, now_ns)

    @property
    def editions(self) -> Path:
        """The folder of frozen months."""
        return self.root / (DEMO / "editions" if self.demo else "content/editions")

    @property
    def quarantine(self) -> Path:
        """The folder of what the plausibility gate refused."""
        return self.root / (DEMO / "quarantine" if self.demo else ".sunlit/quarantine")

    @property
    def cache(self) -> Path:
        """The file that remembers what the last build was made from."""
        return self.root / (DEMO / "cache/site.json" if self.demo else ".sunlit/cache/site.json")

    @property
    def project_cache(self) -> Path:
        """The folder that remembers what the report of each project was made from."""
        return self.cache.with_name("projects")

    @property
    def log_cache(self) -> Path:
        """The folder that remembers what was read of the log."""
        return self.cache.with_name("log")

    @property
    def journals(self) -> Path:
        """The folder of what runs read while they go on."""
        return self.root / (DEMO / "journal" if self.demo else ".sunlit/journal")

    def input_rows(self, named: Iterable[str], known: Mapping[str, FileRow]) -> FileRows:
        """Look over what the site is made from: code, configuration with files it names, texts, log."""
        rows = code_rows(known)
        tops = {name: self.root / name for name in ("content", "templates", "languages")}
        if self.demo:  # elsewhere they lie in content
            own = self.root / DEMO / "content"
            tops |= {"log": self.log, "editions": self.editions, "demo": own}
        for name, folder in tops.items():
            rows |= rows_below(folder, known, f"{name}/")
        rows["config"] = row_at(self.file, known.get("config"))
        return rows | {
            (path := f"{NAMED}{name}"): row_at(self.root / name, known.get(path)) for name in named
        }
