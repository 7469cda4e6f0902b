"""The shipped workflows' own steps in their order, by each way in, against git, GitHub's API and a store."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from generator.places import store_source
from generator.snapshot import Asked, Outcome, run_id
from generator.snapshot.batch import Batch
from generator.store import append
from tests.support.github_repository import TOKEN
from tests.support.paths import ROOT
from tests.support.small_store import STORE
from tests.workflow.actions import Desk
from tests.workflow.greenfield import KEY
from tests.workflow.hub import Hub
from tests.workflow.machine import JobRun, Machine, Run, environment_at
from tests.workflow.report_repository import begun, commit, config_of, copied, report_on

ALL = {
    "cache": "success",
    "snapshot": "success",
    "publish": "success",
    "deploy": "skipped",
    "alert": "success",
}


@pytest.mark.slow
def test_a_report_of_its_own_is_published_left_alone_and_changed(hub: Hub) -> None:
    with report_on(hub, begun()) as (machine, server, there):
        server.till.gift("0.001")
        first = machine.start()
        assert first.results == ALL, first.said
        assert "100,000" in hub.site()["p/well/index.html"].decode().replace("\u202f", ",").replace(" ", ",")
        before = hub.heads()
        assert hub.git("ls-tree", "--name-only", "main").split() == [
            ".gitattributes", ".github", ".gitignore", "README.md", "config.yaml", "content", "output",
        ], "a report's repository has none of our source"  # fmt: skip

        again = machine.start("schedule")
        assert again.results == ALL, again.said
        assert hub.heads() == before
        assert ", unchanged." in again.said, "what the cache kept was used"
        assert again.said.count('$ "$GITHUB_ACTION_PATH/.github/scripts/install.sh"') == 3

        server.till.gift("0.002")
        changed = machine.start("repository_dispatch", mode="full")
        assert changed.results == ALL, changed.said
        assert hub.heads().keys() == before.keys()
        assert all(hub.heads()[branch] != head for branch, head in before.items())
        said = first.said + again.said + changed.said
        assert KEY not in said
        assert TOKEN not in said
        assert there.written, "a build was asked for"


@pytest.mark.proof(0)
def test_the_template_is_published_from_its_own_workflow_and_as_an_artifact(hub: Hub) -> None:
    with report_on(hub, copied()) as (machine, server, there):
        server.till.gift("0.001")
        commit(hub, {"config.yaml": config_of(server, publish={"mode": "artifact"})})
        there.pages = {"status": None, "build_type": "workflow"}
        run = machine.start("push")
        assert run.results == ALL | {"deploy": "success"}, run.said
        assert {"index.html", ".nojekyll", "manifest.json", "p/well/index.html"} <= set(machine.kept.deployed)
        assert set(hub.heads()) == {"main"}


@pytest.mark.slow
def test_the_action_alone_builds_a_report_in_a_workflow_of_somebodys_own(hub: Hub) -> None:
    with report_on(hub, {}) as (machine, server, _):
        server.till.gift("0.001")
        place = hub.folder / "own"
        (place / "work").mkdir(parents=True)
        environment_at(place / "temp" / "sunlit")
        Desk(hub=hub, kept=machine.kept, place=place / "work").act("actions/checkout@v7", {})
        job = JobRun(
            machine=machine, place=place, context={"job": {"status": "success"}, "steps": {}}, run=Run()
        )
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        steps = [step | {"env": {"BTCPAY_TOKEN": KEY} | step["env"]} for step in action["runs"]["steps"]]
        inputs = {"python": "python3", "wheels": "", "command": "build"}
        job.steps(steps, job.context | {"inputs": inputs}, ROOT)
        assert job.context["job"]["status"] == "success", job.run.said
        assert (place / "work/output/manifest.json").exists()
        verified = subprocess.run(
            [place / "temp/sunlit/bin/sunlit", "verify", "output"],
            cwd=place / "work", env=hub.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert verified.returncode == 0, verified.stdout + verified.stderr


def nonsense(machine: Machine, _: object) -> None:
    commit(machine.hub, {"config.yaml": "version: 1\nsite: [unclosed\n"})


def misspelt(machine: Machine, _: object) -> None:
    machine.secrets = {"BTCPAY_TOKN": KEY}


def fork(machine: Machine, _: object) -> None:
    machine.secrets = {}


def revoked(_: Machine, server: object) -> None:
    server.key = "another"  # type: ignore[attr-defined]


def renamed(machine: Machine, _: object) -> None:
    machine.hub.git("branch", "--move", "main", "trunk")
    machine.hub.git("symbolic-ref", "HEAD", "refs/heads/trunk")


def protected(machine: Machine, _: object) -> None:
    hook = machine.hub.bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'remote: error: GH013: Repository rule violations found' >&2\nexit 1\n")
    hook.chmod(0o755)


def disk_full(machine: Machine, _: object) -> None:
    machine.wrap = "ulimit -f 16"


def cache_gone(machine: Machine, _: object) -> None:
    machine.kept.caches.clear()


#: What happened after a first publication, who ends red, and what the run or its summary says.
ROWS = {
    "a fork has no secrets": (fork, "snapshot", "BTCPAY\\_TOKEN"),
    "config.yaml became nonsense": (nonsense, "snapshot", "::error file=config.yaml,line="),
    "a secret is misspelt": (misspelt, "snapshot", "BTCPAY_TOKEN"),
    "a key was revoked": (revoked, "", "401"),
    "the default branch was renamed": (renamed, "", "on trunk."),
    "a branch is protected": (protected, "publish", "is protected, and this job may not push to it"),
    "the disk is full": (disk_full, "publish", "::error::git "),
    "the cache is gone": (cache_gone, "", "Site: gh-pages is now"),
}


def test_a_pull_request_also_of_a_fork_publishes_nothing_and_sees_no_secret(hub: Hub) -> None:
    with report_on(hub, copied()) as (machine, server, there):
        server.till.gift("0.001")
        before = hub.heads()
        machine.secrets = {}  # as GitHub gives to a fork
        assert machine.start("pull_request").results == {}
        # and if a workflow of somebody's own calls ours for one
        called = {name: job | {"if": ""} for name, job in yaml.safe_load(caller_of(hub))["jobs"].items()}
        commit(hub, {".github/workflows/publish.yml": yaml.safe_dump({"jobs": called})})
        before = hub.heads()
        run = machine.start("pull_request")
        assert set(run.results.values()) == {"skipped"}
        assert (hub.heads(), run.said, there.asked) == (before, "", [])


def caller_of(hub: Hub) -> str:
    return hub.git("show", "main:.github/workflows/publish.yml")


@pytest.mark.proof(0)
def test_a_run_by_hand_after_a_schedule_was_off_says_for_how_long_and_catches_up(hub: Hub) -> None:
    with report_on(hub, begun()) as (machine, server, there):
        server.till.gift("0.001")
        now = datetime.now(UTC).replace(microsecond=0) - timedelta(days=65)
        asked = (Asked(source=store_source(STORE), outcome=Outcome.OK, message=""),)
        last = Batch(run=run_id(now, "0"), at=now, network="regtest", asked=asked, records=())
        append(hub.folder / "seed/content/snapshots", last, refresh_hours=24)
        commit(hub, {path: data for path, data in begun().items() if path == "README.md"})
        there.workflows["publish.yml"]["state"] = "disabled_inactivity"
        run = machine.start()
        assert run.results == ALL, run.said
        assert "No run was recorded for 65 days, since " in run.summary
        assert "sunlit doctor --github" in run.summary
        assert "100,000" in hub.site()["p/well/index.html"].decode().replace("\u202f", ",").replace(" ", ",")


@pytest.mark.proof(0)
def test_alerts_are_opened_and_closed_by_the_whole_workflow(hub: Hub) -> None:
    with report_on(hub, begun()) as (machine, server, there):
        server.till.gift("0.001")
        assert machine.start().results == ALL
        server.is_down = True
        assert machine.start("schedule").results == ALL, "a source that is away stops no report"
        assert there.issues == []
        run = machine.start("schedule")
        (issue,) = there.open_issues()
        assert issue["title"] == f"BTCPay {server.url.removeprefix('http://')} cannot be read", run.said
        assert "config.yaml, line 1" in issue["body"]
        server.is_down = False
        machine.start("schedule")
        assert (there.open_issues(), issue["state_reason"]) == ([], "completed")
        assert "It answers again" in there.comments[1][0]["body"]

        good, site = hub.git("show", "main:config.yaml"), hub.site()
        nonsense(machine, server)
        assert machine.start("schedule").results["alert"] == "success"
        assert there.open_issues() == []
        run = machine.start("schedule")
        (issue,) = there.open_issues()
        assert issue["title"] == "The report is not published: asking the sources fails", run.said
        assert f"/actions/runs/{machine.runs})" in issue["body"]
        assert "| runs that failed since | 2 |" in issue["body"]
        assert hub.site() == site
        commit(hub, {"config.yaml": good})
        assert machine.start("push").results == ALL
        assert there.open_issues() == []
        assert "A run succeeded, after " in there.comments[2][0]["body"]
        assert KEY not in str(there.issues) + str(there.comments)
        assert TOKEN not in str(there.issues) + str(there.comments)


@pytest.mark.proof(0)
@pytest.mark.parametrize("row", ROWS)
def test_whatever_goes_wrong_the_last_good_site_stays_up_and_the_run_says_why(hub: Hub, row: str) -> None:
    happens, red, sentence = ROWS[row]
    with report_on(hub, begun()) as (machine, server, _):
        server.till.gift("0.001")
        assert machine.start().results == ALL
        site = hub.site()
        server.till.gift("0.002")
        happens(machine, server)
        run = machine.start(mode="full")
        failed = {name for name, result in run.results.items() if result == "failure"}
        assert failed == ({red} if red else set()), run.said
        assert sentence in run.said + run.summary, run.said + run.summary
        assert hub.site().keys() >= site.keys()
        if red:
            assert hub.site() == site


@pytest.mark.proof(0)
def test_a_server_that_is_down_on_the_first_run_leaves_no_site_and_the_next_run_makes_it(hub: Hub) -> None:
    with report_on(hub, begun()) as (machine, server, _):
        server.till.gift("0.001")
        server.is_down = True
        run = machine.start()
        assert "failure" in run.results.values(), run.said
        assert "gh-pages" not in hub.heads()
        server.is_down = False
        assert machine.start().results == ALL
        assert "gh-pages" in hub.heads()
