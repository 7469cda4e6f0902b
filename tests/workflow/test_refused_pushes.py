"""A push that GitHub refuses ends in the sentence that says who must act; a deploy key gets past a rule."""

import shlex

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from generator.sandbox.listening import listening
from tests.support.records import batch, entry
from tests.workflow.hub import Hub

RULE = "remote: error: GH013: Repository rule violations found for refs/heads/{branch}."
DENIED = "Permission to village/report.git denied to github-actions[bot]."
#: A rule as GitHub has them: it lets a deploy key pass, and says its words to everybody else.
HOOK = """#!/bin/sh
while read -r old new ref; do
    if [ "$ref" = "refs/heads/{branch}" ] && [ -z "$DEPLOYED" ]; then
        echo "{words}" >&2
        exit 1
    fi
done
"""
#: Stands for ssh: the key must be there, be nobody else's, and the host be known.
SSH = """#!/bin/sh
for word in "$@"; do
    case "$word" in
        -oUserKnownHostsFile=*) cp "${{word#*=}}" {folder}/hosts ;;
        */key) cp "$word" {folder}/used; stat -c %a "$word" > {folder}/mode ;;
        git-receive-pack*) command=$word ;;
    esac
done
DEPLOYED=1 sh -c "git-receive-pack {bare}"
"""


def refuse(hub: Hub, branch: str, words: str) -> None:
    hook = hub.bare / "hooks" / "pre-receive"
    hook.write_text(HOOK.format(branch=branch, words=words))
    hook.chmod(0o755)


@pytest.mark.parametrize(
    ("branch", "words", "sentence"),
    [
        ("main", RULE, "the branch main is protected, and this job may not push to it: give it a deploy key"),
        ("gh-pages", RULE, "the branch gh-pages is protected, and this job may not push to it"),
        ("main", "remote: error: GH006: Protected branch update failed", "the branch main is protected"),
        ("main", DENIED, "GitHub does not let this job push: the job that calls this workflow needs"),
        ("main", "remote: error: GH001: Large files detected.", "GitHub takes no file of over 100 MB"),
    ],
)
def test_a_refusal_that_no_second_try_helps_is_a_sentence_at_once(
    hub: Hub, branch: str, words: str, sentence: str
) -> None:
    refuse(hub, branch, words.format(branch=branch))
    before, summary = hub.heads(), hub.folder / "summary"
    done = hub.publish(hub.clone("one"), str(hub.batch(batch(entry("a")))), GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 1
    assert f"::error::{sentence}" in done.stdout
    assert "starting again" not in done.stdout
    assert summary.read_text().startswith(f"## Nothing more was published\n\n- {sentence}")
    kept = hub.heads()
    assert kept.pop("main") == before["main"] or branch == "gh-pages", "the log is recorded before the site"
    assert not kept


def test_a_deploy_key_pushes_where_a_rule_lets_it_pass_and_is_gone_afterwards(hub: Hub) -> None:
    refuse(hub, "main", RULE)
    place, scratch = hub.folder / "bin", hub.folder / "scratch"
    place.mkdir()
    scratch.mkdir()
    (place / "ssh").write_text(SSH.format(folder=hub.folder, bare=shlex.quote(str(hub.bare))))
    (place / "ssh").chmod(0o755)
    # as GitHub's: fetched by one way, pushed by another
    (hub.folder / "home" / ".gitconfig").write_text(
        f'[url "{hub.folder.as_uri()}/"]\n\tinsteadOf = https://github.test/village/\n'
    )
    clone = hub.clone("one")
    hub.git("remote", "set-url", "origin", "https://github.test/village/hub.git", at=clone)

    async def meta(_: object) -> JSONResponse:
        return JSONResponse({"ssh_keys": ["ssh-ed25519 AAAAknown"]})

    with listening(Starlette(routes=[Route("/meta", meta)]), name="github") as url:
        environment = {
            "GITHUB_API_URL": url,
            "GITHUB_SERVER_URL": "https://github.test",
            "DEPLOY_KEY": "a private key",
            "TMPDIR": str(scratch),
            "PATH": f"{place}:{hub.environment['PATH']}",
        }
        done = hub.publish(clone, str(hub.batch(batch(entry("a")))), **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(hub.heads()) == {"main", "gh-pages"}
    assert (hub.folder / "used").read_text() == "a private key\n"
    assert (hub.folder / "mode").read_text() == "600\n"
    assert (hub.folder / "hosts").read_text() == "github.test ssh-ed25519 AAAAknown\n"
    assert "a private key" not in done.stdout + done.stderr
    assert not list(scratch.iterdir()), "it lay there only while it pushed"


def test_without_host_keys_no_deploy_key_is_used(hub: Hub) -> None:
    before = hub.heads()
    environment = {"GITHUB_API_URL": "http://127.0.0.1:9", "DEPLOY_KEY": "a private key"}
    done = hub.publish(hub.clone("one"), str(hub.batch(batch(entry("a")))), **environment)
    assert done.returncode == 1
    assert "::error::GitHub did not tell its host keys, without which no deploy key is used" in done.stdout
    assert hub.heads() == before
