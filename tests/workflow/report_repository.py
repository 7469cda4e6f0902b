"""The repository of a report on the hub, as each way in makes it, and the machine that runs its workflow."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from generator.scaffold import Beginning, scaffold_files
from tests.support.github_api import github
from tests.support.github_repository import GitHub
from tests.support.paths import ROOT
from tests.support.small_store import FUND, STORE
from tests.workflow.actions import Kept
from tests.workflow.greenfield import KEY, Server, serving
from tests.workflow.hub import Hub
from tests.workflow.machine import Machine

SECRETS = {"BTCPAY_TOKEN": KEY}


def config_of(server: Server, **more: object) -> str:
    source = {"id": "pay", "url": server.url, "token_env": "BTCPAY_TOKEN", "stores": [STORE]}
    config = {
        "version": 1,
        "site": {"title": "Well", "base_url": "https://village.github.io/report"},
        "network": "regtest",
        "sources": {"btcpay": [source | {"include": ["invoices", "crowdfund"]}]},
        "projects": [{"slug": "well", "btcpay": {"source": "pay", "app": FUND}}],
    }
    return json.dumps(config | more)


def commit(hub: Hub, files: dict[str, str | bytes], branch: str = "main") -> None:
    """Push files to the default branch, as a maintainer does."""
    seed = hub.folder / "seed"
    if branch in hub.heads():
        hub.git("fetch", "--quiet", str(hub.bare), branch, at=seed)
        hub.git("reset", "--quiet", "--hard", "FETCH_HEAD", at=seed)
    for path, text in files.items():
        (seed / path).parent.mkdir(parents=True, exist_ok=True)
        (seed / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    hub.git("add", "--all", "--force", at=seed)
    hub.git("commit", "--quiet", "--message", "Edit", at=seed)
    hub.git("push", "--quiet", str(hub.bare), f"HEAD:refs/heads/{branch}", at=seed)


def begun() -> dict[str, str | bytes]:
    """Return what `sunlit init` writes."""
    return dict(scaffold_files(Beginning(title="Well", repository="village/report")))


def copied() -> dict[str, str | bytes]:
    """Return what of the template decides how a report is made."""
    paths = [*(ROOT / ".github").rglob("*.yml"), *(ROOT / "templates").rglob("*"), ROOT / ".gitignore"]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in paths if path.is_file()}


@contextmanager
def report_on(hub: Hub, files: dict[str, str | bytes]) -> Iterator[tuple[Machine, Server, GitHub]]:
    """Give a repository with these files, a store that it reports, and what stands for GitHub."""
    (hub.folder / "kept").mkdir()
    with serving() as server, github() as there:
        commit(hub, files | {"config.yaml": config_of(server)})
        kept = Kept(folder=hub.folder / "kept")
        machine = Machine(hub=hub, secrets=dict(SECRETS), kept=kept, api=there.url, there=there)
        yield machine, server, there
