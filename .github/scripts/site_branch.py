"""The commit that is published: nothing but the site, and the domain that the branch has."""  # noqa: INP001 -- a script beside publish.py, not a package

import json
import tempfile
from pathlib import Path
from typing import Any

from remote import Job, Stop

#: Where GitHub keeps the domain of a site that is published from a branch.
DOMAIN = "CNAME"
BOT = {"NAME": "github-actions[bot]", "EMAIL": "41898282+github-actions[bot]@users.noreply.github.com"}


def setting(job: Job, part: str, name: str) -> str:
    """Return what the rendered site's configuration says, empty for nothing."""
    recipe = job.repository / job.output / "data" / "recipe.json"
    config = read_json(recipe).get("config") or {} if recipe.exists() else {}
    return str((config.get(part) or {}).get(name) or "")


def domain_of(job: Job, published: str) -> str:
    """Return the blob of the file CNAME that is to stand on the branch, empty for none.

    What the configuration says, else what a published commit has: GitHub's settings write it there when
    somebody sets a domain, and a branch without it loses the domain.
    """
    if domain := setting(job, "site", "domain"):
        with tempfile.NamedTemporaryFile("w", suffix=DOMAIN) as file:
            file.write(f"{domain}\n")
            file.flush()
            return job.git("hash-object", "-w", "--no-filters", file.name)
    if not published:
        return ""
    job.git("fetch", "--quiet", "--no-tags", "--depth=1", job.remote, f"refs/heads/{job.pages}")
    kind, _, blob = job.git("ls-tree", published, DOMAIN).partition("\t")[0].rpartition(" ")
    return blob if kind == "100644 blob" else ""


def site_commit(job: Job, domain: str = "") -> str:
    """Return an orphan commit of the output folder, made of nothing but the site and its domain's blob.

    Author and dates come from the site, so equal commits are
    equal trees and nothing needs to be fetched to compare them. Raise `Stop` for a demo.
    """
    output = job.repository / job.output
    manifest = read_json(output / "manifest.json")
    if manifest.get("demo") is not False:
        msg = "the site in the output folder is a demo (manifest.json says so); a demo is never published"
        raise Stop(msg)
    folder = Path(job.git("rev-parse", "--absolute-git-dir"))
    with tempfile.TemporaryDirectory() as scratch:
        place = {"GIT_DIR": str(folder), "GIT_WORK_TREE": str(output), "GIT_INDEX_FILE": f"{scratch}/index"}
        job.git("-C", str(output), "add", "--all", "--force", "--", ".", **place)
        if domain:
            job.git("update-index", "--add", "--cacheinfo", f"100644,{domain},{DOMAIN}", **place)
        tree = job.git("write-tree", **place)
    message = f"Site of snapshot {manifest['snapshot']}"
    return job.git("commit-tree", tree, "-m", message, **identity(str(manifest["as_of"])))


def read_json(path: Path) -> dict[str, Any]:
    """Return what a file of the site says; raise `Stop` for one that cannot be read."""
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError) as error:
        msg = f"{path} cannot be read ({error}); rendering must write it"
        raise Stop(msg) from error
    return found if isinstance(found, dict) else {}


def identity(at: str = "") -> dict[str, str]:
    """Return as whom git commits, and when, as environment."""
    date = {"DATE": at} if at else {}
    return {
        f"GIT_{role}_{name}": value
        for role in ("AUTHOR", "COMMITTER")
        for name, value in (BOT | date).items()
    }
