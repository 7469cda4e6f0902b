"""What the actions that our workflows use do to a job's folder: no more than these tests need."""

import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.paths import ROOT
from tests.workflow.hub import Hub


@dataclass(kw_only=True)
class Kept:
    """What GitHub keeps: of one run its artifacts, of all runs caches and what Pages shows."""

    folder: Path
    caches: dict[str, Path] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    deployed: list[str] = field(default_factory=list)  #: names of files, as Pages got them last

    def put(self, source: Path) -> Path:
        """Keep a copy of a file or folder."""
        place = self.folder / str(len(list(self.folder.iterdir())))
        place.mkdir()
        if source.is_dir():
            shutil.copytree(source, place / "kept")
        else:
            shutil.copy(source, place / source.name)
        return place


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One job's folder, and what it may reach from there."""

    hub: Hub
    kept: Kept
    place: Path

    def act(self, uses: str, given: Mapping[str, str]) -> dict[str, str]:
        """Do what an action does; return its outputs. Raise `OSError` where it would fail."""
        name = uses.partition("@")[0].removeprefix("actions/").replace("/", "_").replace("-", "_")
        found = getattr(self, f"_{name}")(given)
        return found if isinstance(found, dict) else {}

    def _checkout(self, given: Mapping[str, str]) -> None:
        if path := given.get("path"):
            (self.place / path).parent.mkdir(parents=True, exist_ok=True)
            (self.place / path).symlink_to(ROOT)  # the repository of the workflow
        else:
            self.hub.git("clone", "--quiet", "--depth=1", self.hub.bare.as_uri(), ".", at=self.place)

    def _setup_python(self, given: Mapping[str, str]) -> None:
        assert given["python-version"]

    def _upload_artifact(self, given: Mapping[str, str]) -> dict[str, str]:
        source = self.place / given["path"]
        if not source.exists():
            if given.get("if-no-files-found") == "error":
                raise FileNotFoundError(source)
            return {}
        self.kept.artifacts[given["name"]] = self.kept.put(source)
        return {"artifact-id": given["name"]}

    def _download_artifact(self, given: Mapping[str, str]) -> None:
        source, target = self.kept.artifacts[given["name"]], self.place / given.get("path", ".")
        shutil.copytree(source / "kept" if (source / "kept").exists() else source, target, dirs_exist_ok=True)

    def _cache_restore(self, given: Mapping[str, str]) -> dict[str, str]:
        start = given.get("restore-keys", given["key"])
        found = [key for key in self.kept.caches if key.startswith(start)]
        if not found:
            return {}
        shutil.copytree(self.kept.caches[found[-1]] / "kept", self.place / given["path"])
        return {"cache-matched-key": found[-1]}

    def _cache_save(self, given: Mapping[str, str]) -> None:
        if (self.place / given["path"]).is_dir():
            self.kept.caches[given["key"]] = self.kept.put(self.place / given["path"])

    def _upload_pages_artifact(self, given: Mapping[str, str]) -> None:
        assert given["include-hidden-files"] == "true", "else .nojekyll and .well-known would be lost"
        packed = self.kept.folder / "github-pages.tar"
        with tarfile.open(packed, "w") as archive:
            archive.add(self.place / given["path"], ".")
        self.kept.artifacts["github-pages"] = packed

    def _deploy_pages(self, _: Mapping[str, str]) -> dict[str, str]:
        with tarfile.open(self.kept.artifacts["github-pages"]) as archive:
            assert all(member.isfile() or member.isdir() for member in archive)
            self.kept.deployed[:] = sorted(name.removeprefix("./") for name in archive.getnames())
        return {"page_url": "https://village.github.io/report/"}
