"""A hub with a bare repository, and runners with shallow clones of it, as GitHub's have."""

import io
import json
import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from generator.snapshot.batch import Batch
from generator.store import write_batch
from tests.support.paths import ROOT

SCRIPT = ROOT / ".github" / "scripts" / "publish.py"
#: Words of the real commands that stand for the tools.
REAL = {"append": "append", "freeze": "edition", "render": "render", "verify": "verify --repository ."}


@dataclass(frozen=True, kw_only=True)
class Hub:
    """The remote side, and the folder in which runners live."""

    folder: Path
    tools: str  #: command that calls a tool

    @property
    def bare(self) -> Path:
        return self.folder / "hub.git"

    @property
    def environment(self) -> dict[str, str]:
        home = str(self.folder / "home")
        who = {
            f"GIT_{role}_{name}": "tester" for role in ("AUTHOR", "COMMITTER") for name in ("NAME", "EMAIL")
        }
        return {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        } | who

    def git(self, *words: str, at: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *words],
            cwd=at or self.bare,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def clone(self, name: str) -> Path:
        place = self.folder / name
        self.git("clone", "--quiet", "--depth=1", self.bare.as_uri(), str(place), at=self.folder)
        return place

    def batch(self, batch: Batch, name: str = "batch.jsonl") -> Path:
        write_batch(self.folder / name, batch)
        return self.folder / name

    def command(self, *words: str, render: str = "render", freeze: str = "freeze") -> list[str]:
        tools = {"append": "append", "freeze": freeze, "render": render, "verify": "verify"}
        given = [word for name, tool in tools.items() for word in (f"--{name}", f"{self.tools} {tool}")]
        return [sys.executable, str(SCRIPT), *(words or ("none.jsonl",)), *given, "--pause", "0.05"]

    def publish(
        self, clone: Path, *words: str, render: str = "render", freeze: str = "freeze", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words, render=render, freeze=freeze),
            cwd=clone,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def head(self, branch: str) -> str:
        return self.git("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}")

    def heads(self) -> dict[str, str]:
        rows = self.git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")
        return dict(row.split(" ") for row in rows.splitlines())

    def site(self) -> dict[str, bytes]:
        """Return the files of gh-pages."""
        return self._tree("gh-pages", "")

    def log(self) -> dict[str, bytes]:
        """Return the files of the log on main."""
        tree = self._tree("main", "content/snapshots/")
        return {path: data for path, data in tree.items() if path.endswith(".jsonl")}

    def editions(self) -> dict[str, bytes]:
        """Return the files of frozen months on main."""
        return self._tree("main", "content/editions/")

    def manifest(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.site()["manifest.json"])
        return found

    def _tree(self, branch: str, prefix: str) -> dict[str, bytes]:
        packed = subprocess.run(
            ["git", "archive", "--format=tar", branch], cwd=self.bare, capture_output=True, check=True
        )
        found = {}
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            for member in archive:
                if member.name.startswith(prefix) and (file := archive.extractfile(member)):
                    found[member.name.removeprefix(prefix)] = file.read()
        return found
