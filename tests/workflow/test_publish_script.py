"""The publish script against real remotes: what each run leaves on main and on gh-pages."""

import importlib
import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from generator.snapshot import Outcome
from tests.support.records import ANGOR, PAY, asked, batch, entry, finding
from tests.workflow.hub import SCRIPT, Hub


def first(hub: Hub) -> Path:
    """Publish for the first time; return the clone."""
    clone = hub.clone("one")
    done = hub.publish(clone, str(hub.batch(batch(entry("a"), finding("f")))))
    assert done.returncode == 0, done.stdout + done.stderr
    return clone


def test_a_first_publish_makes_one_commit_on_each_branch(hub: Hub) -> None:
    start = hub.head("main")
    first(hub)
    assert hub.git("log", "--format=%s", f"{start}..main") == "Record a snapshot"
    assert sorted(hub.log()) == ["angor/2026-03.jsonl", "btcpay-pay/2026-03.jsonl", "runs/2026-03.jsonl"]
    site = hub.site()
    assert site["index.html"] == b"btcpay-pay a\nangor f\n"
    assert (site[".gitkeep"], site[".nojekyll"]) == (b"", b"")
    files = hub.manifest()["files"]
    assert files == {path: sha256(data).hexdigest() for path, data in site.items() if path != "manifest.json"}
    assert {f"data/{path}": data for path, data in hub.log().items()}.items() <= site.items()
    assert hub.git("log", "--format=%s|%P|%aI", "gh-pages") == (
        f"Site of snapshot {hub.manifest()['snapshot']}||2026-03-14T12:00:00+00:00"
    )


def test_a_run_inside_the_refresh_window_makes_no_commit_on_either_branch(hub: Hub) -> None:
    first(hub)
    before = hub.heads()
    done = hub.publish(hub.clone("two"), str(hub.batch(batch(entry("a"), hours=6))))
    assert done.returncode == 0
    assert "Log: nothing new, no commit." in done.stdout
    assert "Site: gh-pages shows this already." in done.stdout
    assert hub.heads() == before


def test_the_same_batch_again_makes_no_commit(hub: Hub) -> None:
    clone = first(hub)
    before = hub.heads()
    assert hub.publish(clone, str(hub.folder / "batch.jsonl")).returncode == 0
    assert hub.heads() == before


def test_a_change_is_a_commit_on_main_and_still_one_orphan_on_gh_pages(hub: Hub) -> None:
    first(hub)
    old_log, old_site = hub.log(), hub.head("gh-pages")
    assert hub.publish(hub.clone("two"), str(hub.batch(batch(entry("b"), hours=6)))).returncode == 0
    assert hub.site()["index.html"] == b"btcpay-pay a\nbtcpay-pay b\nangor f\n"
    assert all(hub.log()[path].startswith(data) for path, data in old_log.items())
    assert hub.head("gh-pages") != old_site
    assert hub.git("rev-list", "--count", "gh-pages") == "1"
    assert hub.git("rev-list", "--count", "main") == "3"


def test_a_month_that_is_over_is_frozen_once_by_the_job_that_writes(hub: Hub) -> None:
    first(hub)
    [(name, made)] = hub.editions().items()
    assert name == "2026-02.json"
    for days in (1, 10, 18, 20):
        done = hub.publish(hub.clone(f"after-{days}"), str(hub.batch(batch(hours=24 * days))))
        assert done.returncode == 0, done.stdout + done.stderr
        assert hub.editions()[name] == made
        assert ("2026-03.json" in hub.editions()) is (days == 20)  # two days after 31 March
    for frozen in hub.editions():
        assert hub.git("rev-list", "--count", "main", "--", f"content/editions/{frozen}") == "1"


def test_where_freezing_fails_nothing_is_pushed(hub: Hub) -> None:
    before = hub.heads()
    done = hub.publish(hub.clone("one"), str(hub.batch(batch(entry("a")))), freeze="freeze 1")
    assert done.returncode == 1
    assert "the months that are over were not frozen (exit code 1); nothing was pushed" in done.stdout
    assert hub.heads() == before


def test_after_the_refresh_time_a_quiet_run_is_recorded(hub: Hub) -> None:
    first(hub)
    assert hub.publish(hub.clone("two"), str(hub.batch(batch(hours=24)))).returncode == 0
    assert hub.git("rev-list", "--count", "main") == "3"
    assert hub.manifest()["as_of"] == "2026-03-15T12:00:00Z"


def test_a_source_that_is_down_is_published_with_a_warning(hub: Hub) -> None:
    first(hub)
    down = (asked(ANGOR, Outcome.UNAVAILABLE, "no relay answered"), asked())
    path = hub.batch(batch(entry("b"), hours=6, asked=down))
    done = hub.publish(hub.clone("two"), str(path), render="render 3")
    assert done.returncode == 0
    assert "::warning::The report is published with something stale or missing" in done.stdout
    assert hub.site()["index.html"] == b"btcpay-pay a\nbtcpay-pay b\nangor f\n"
    assert b"no relay answered" in hub.site()["data/runs/2026-03.jsonl"]


def test_a_domain_that_the_settings_put_on_the_branch_stays_there(hub: Hub) -> None:
    first(hub)
    pages = hub.folder / "pages"
    hub.git("clone", "--quiet", "--branch=gh-pages", str(hub.bare), str(pages), at=hub.folder)
    (pages / "CNAME").write_bytes(b"report.example.org\n")
    hub.git("add", "CNAME", at=pages)
    hub.git("commit", "--quiet", "--message=Create CNAME", at=pages)
    hub.git("push", "--quiet", at=pages)
    assert hub.publish(hub.clone("two"), str(hub.batch(batch(entry("b"), hours=6)))).returncode == 0
    assert hub.site()["CNAME"] == b"report.example.org\n"
    assert "CNAME" not in hub.manifest()["files"]  # type: ignore[operator]
    assert hub.git("rev-list", "--count", "gh-pages") == "1"
    before = hub.heads()
    assert hub.publish(hub.clone("three"), str(hub.folder / "batch.jsonl")).returncode == 0
    assert hub.heads() == before


def test_a_demo_is_refused(hub: Hub) -> None:
    first(hub)
    before = hub.head("gh-pages")
    done = hub.publish(hub.clone("two"), MODE="render", render="render 0 demo")
    assert done.returncode == 1
    assert "::error::the site in the output folder is a demo" in done.stdout
    assert hub.head("gh-pages") == before


def test_a_demo_batch_does_not_get_into_a_real_log(hub: Hub) -> None:
    first(hub)
    before = hub.heads()
    done = hub.publish(hub.clone("two"), str(hub.batch(batch(entry("b"), hours=6, demo=True))))
    assert done.returncode == 1
    assert "the batch was not appended" in done.stdout
    assert hub.heads() == before


@pytest.mark.parametrize("code", ["1", "2", "4"])
def test_other_exit_codes_of_rendering_publish_nothing(hub: Hub, code: str) -> None:
    done = hub.publish(hub.clone("one"), str(hub.batch(batch(entry("a")))), render=f"render {code}")
    assert done.returncode == int(code)
    assert f"::error::rendering ended with exit code {code}; nothing was published" in done.stdout
    assert list(hub.heads()) == ["main"]


def test_in_render_mode_it_only_renders_what_main_has(hub: Hub) -> None:
    first(hub)
    seed = hub.folder / "seed"
    hub.git("pull", "--quiet", "--rebase", str(hub.bare), "main", at=seed)
    (seed / "config.yaml").write_text("version: 1 # edited\n")
    hub.git("commit", "--quiet", "--all", "--message", "Edit", at=seed)
    hub.git("push", "--quiet", str(hub.bare), "HEAD:refs/heads/main", at=seed)
    before = hub.heads()
    done = hub.publish(hub.folder / "one", MODE="render")
    assert "gh-pages shows this already" in done.stdout
    assert hub.heads() == before
    assert (hub.folder / "one" / "config.yaml").read_text() == "version: 1 # edited\n"


def test_a_clone_with_work_in_it_is_left_alone(hub: Hub) -> None:
    clone = first(hub)
    (clone / "config.yaml").write_text("unsaved")
    done = hub.publish(clone, MODE="render")
    assert done.returncode == 1
    assert "the clone has uncommitted changes (M config.yaml)" in done.stdout
    hub.git("commit", "--quiet", "--all", "--message", "Mine", at=clone)
    done = hub.publish(clone, MODE="render")
    assert "the clone has commits that origin/main lacks" in done.stdout
    assert (clone / "config.yaml").read_text() == "unsaved"


def test_a_branch_that_takes_no_push_ends_after_five_tries(hub: Hub) -> None:
    before = hub.heads()
    hook = hub.bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    done = hub.publish(hub.clone("one"), str(hub.batch(batch(entry("a")))))
    assert done.returncode == 1
    assert done.stdout.count("starting again from origin") == 5
    assert "::error::origin rejected 5 pushes" in done.stdout
    assert "pre-receive hook declined" in done.stdout
    assert hub.heads() == before


def test_the_job_says_what_changed_and_keeps_one_summary(hub: Hub) -> None:
    outputs, summary = hub.folder / "outputs", hub.folder / "summary"
    summary.write_text("from a try before")
    environment = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary)}
    clone = hub.clone("one")
    path = str(hub.batch(batch(entry("a"))))
    assert hub.publish(clone, path, **environment).returncode == 0
    assert outputs.read_text() == "recorded=true\npublished=true\nartifact=false\n"
    assert summary.read_text() == ""
    outputs.unlink()
    assert hub.publish(clone, path, **environment).returncode == 0
    assert outputs.read_text() == "recorded=false\npublished=false\nartifact=false\n"


def test_our_commands_do_not_get_the_token(hub: Hub) -> None:
    spy = hub.folder / "spy"
    command = hub.command("none", "--branch", "main")
    command[command.index("--render") + 1] = f"sh -c 'env > {spy}; exit 4'"
    environment = hub.environment | {"GITHUB_TOKEN": "t0ken", "DEPLOY_KEY": "k3y", "MODE": "render"}
    done = subprocess.run(command, cwd=hub.clone("one"), env=environment, check=False, capture_output=True)
    assert done.returncode == 4
    assert "t0ken" not in spy.read_text()
    assert "k3y" not in spy.read_text()
    assert "GIT_CONFIG_KEY" not in spy.read_text()


def test_every_log_file_on_main_is_whole(hub: Hub) -> None:
    first(hub)
    for data in hub.log().values():
        assert data.endswith(b"\n")
        assert [json.loads(row) for row in data.splitlines()]
    assert PAY in {path.split("/")[0] for path in hub.log()}


def test_a_missing_batch_stops_the_job(hub: Hub) -> None:
    before = hub.heads()
    done = hub.publish(hub.clone("one"), "none.jsonl")
    assert done.returncode == 1
    assert "there is no such batch" in done.stderr
    assert hub.heads() == before


def test_the_commands_follow_the_inputs_of_the_workflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(SCRIPT.parent)
    parse = importlib.import_module("publish").parse
    tool = str(Path(sys.executable).with_name("sunlit"))
    plain = parse(["batch.jsonl"], {"MODE": "", "STRICT": ""})
    assert plain.batch == Path.cwd() / "batch.jsonl"
    assert plain.append == (tool, "append")
    assert plain.freeze == (tool, "edition")
    assert plain.render == (tool, "build", "--offline")
    asked = {"MODE": "render", "STRICT": "true", "GITHUB_STEP_SUMMARY": "a summary"}
    given = parse(["batch.jsonl"], asked)
    assert given.batch is None
    assert given.render == (tool, "build", "--offline", "--strict", "--summary", "a summary")
    assert given.verify == (tool, "verify", "--repository", ".")
    dropped = parse(["batch.jsonl"], {"ACCEPT_DROP": "btcpay-pay/received/well paid to 'the' wrong $store"})
    assert dropped.append[2:] == (
        "--accept-drop=btcpay-pay/received/well",
        "--reason=paid to 'the' wrong $store",
    )
