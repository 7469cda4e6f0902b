"""After each publication GitHub is asked what readers see: what keeps them from the report is a sentence."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from generator.sandbox.listening import listening
from tests.support.github_api import github
from tests.support.github_repository import REPOSITORY, TOKEN, UNAVAILABLE, GitHub, Planned
from tests.support.records import batch, entry
from tests.workflow.hub import Hub

BUILD = ("POST", f"/repos/{REPOSITORY}/pages/builds")
BEFORE = "### What the run said\n"


@contextmanager
def site(shown: dict[str, bytes]) -> Iterator[str]:
    """Serve what Pages shows; the token must not get here."""

    async def answer(request: Request) -> Response:
        assert "authorization" not in request.headers
        found = shown.get(request.path_params["path"])
        return PlainTextResponse(found) if found is not None else PlainTextResponse("not found", 404)

    with listening(Starlette(routes=[Route("/report/{path:path}", answer)]), name="pages") as url:
        yield f"{url}/report/"


def run(hub: Hub, there: GitHub, name: str, *seen: Path) -> tuple[str, str, str]:
    """Publish as the job does; return what its log, summary and outputs say."""
    summary, outputs = hub.folder / f"{name}.md", hub.folder / f"{name}.txt"
    summary.write_text(BEFORE)
    environment = {
        "GITHUB_API_URL": there.url,
        "GITHUB_SERVER_URL": "https://github.test",
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_OUTPUT": str(outputs),
    } | ({} if seen else {"MODE": "render"})
    done = hub.publish(hub.clone(name), *map(str, seen), **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert TOKEN not in done.stdout + done.stderr + summary.read_text()
    return done.stdout, summary.read_text(), outputs.read_text()


def configure(hub: Hub, config: dict[str, object]) -> None:
    seed = hub.folder / "seed"
    (seed / "config.json").write_text(json.dumps(config))
    hub.git("add", "--all", at=seed)
    hub.git("commit", "--quiet", "--message", "Configure", at=seed)
    hub.git("push", "--quiet", str(hub.bare), "HEAD:refs/heads/main", at=seed)


def test_a_build_is_asked_for_until_the_published_manifest_is_ours(hub: Hub) -> None:
    shown: dict[str, bytes] = {}
    with github() as there, site(shown) as address:
        there.pages = {"status": "built", "build_type": "legacy", "html_url": address}
        there.pages["source"] = {"branch": "gh-pages", "path": "/"}
        said, summary, _ = run(hub, there, "first", hub.batch(batch(entry("a"))))
        assert "Pages: build requested." in said
        assert "::warning::" not in said
        assert summary == ""  # a site that was pushed just now is not missed yet
        assert there.written == [BUILD]

        said, summary, _ = run(hub, there, "second")
        assert "gh-pages shows this already" in said
        assert "::warning::Pages shows no report that can be read, though gh-pages had it before" in said
        assert summary.startswith("## Readers may not see this report\n\n- Pages shows no report")
        shown["manifest.json"] = b"{}"
        assert "::warning::Pages shows another report than this one" in run(hub, there, "third")[0]
        assert there.written == [BUILD] * 3

        shown |= {"manifest.json": hub.site()["manifest.json"]}
        said, summary, _ = run(hub, there, "fourth")
        assert "::warning::" not in said
        assert summary == ""
        assert there.written == [BUILD] * 3, "readers see it: nothing is asked for"


OFF = (
    "GitHub Pages is off, so nobody sees this report: choose Deploy from a branch, gh-pages and / (root) at "
)
PLACE = f"https://github.test/{REPOSITORY}/settings/pages"


@pytest.mark.proof(2)
@pytest.mark.parametrize(
    ("pages", "sentence", "asked"),
    [
        (None, f"{OFF}{PLACE}", 0),
        (
            {"build_type": "workflow", "status": None},
            "Pages shows what a workflow deploys, not the branch",
            0,
        ),
        (
            {"build_type": "legacy", "status": "built", "source": {"branch": "docs", "path": "/"}},
            "Pages shows docs /, where no report is: choose Deploy from a branch, gh-pages",
            1,
        ),
        (
            {"build_type": "legacy", "status": "built", "source": {"branch": "gh-pages", "path": "/docs"}},
            "Pages shows gh-pages /docs, where no report is",
            1,
        ),
        (
            {"build_type": "legacy", "status": "errored", "source": {"branch": "gh-pages", "path": "/"}},
            f"the last Pages build failed; its reason stands at https://github.test/{REPOSITORY}/actions",
            1,
        ),
    ],
)
def test_what_keeps_readers_away_is_told_on_every_run(
    hub: Hub, pages: dict[str, object] | None, sentence: str, asked: int
) -> None:
    with github() as there:
        there.pages = pages
        seen = hub.batch(batch(entry("a")))
        for name in ("first", "second"):
            said, summary, _ = run(hub, there, name, seen)
            assert f"::warning::{sentence}" in said
            assert f"- {sentence}" in summary
        assert there.written == [BUILD] * 2 * asked
        assert hub.manifest()["demo"] is False, "the site is on its branch all the same"


def test_a_token_without_rights_and_a_server_that_is_away_are_told_apart(hub: Hub) -> None:
    seen = hub.batch(batch(entry("a")))
    with github() as there:
        there.tokens[TOKEN] = {"contents"}
        assert (
            "the job that calls this workflow needs `permissions:` with `pages: write`"
            in run(hub, there, "first", seen)[0]
        )
        there.tokens[TOKEN] = {"contents", "pages"}
        there.planned = [Planned("GET /pages", UNAVAILABLE)]
        assert "(GitHub answered 503); the next run asks" in run(hub, there, "second", seen)[0]
    assert "(no answer); the next run asks" in run(hub, there, "third", seen)[0]


def test_an_artifact_is_deployed_where_readers_see_another_report_and_no_branch_is_pushed(hub: Hub) -> None:
    configure(hub, {"publish": {"mode": "artifact"}})
    shown: dict[str, bytes] = {}
    with github() as there, site(shown) as address:
        there.pages = {"status": None, "build_type": "workflow", "html_url": address}
        said, _, outputs = run(hub, there, "first", hub.batch(batch(entry("a"))))
        assert "artifact=true" in outputs
        assert "::warning::" not in said
        assert set(hub.heads()) == {"main"}
        shown["manifest.json"] = (hub.folder / "first/output/manifest.json").read_bytes()
        assert "artifact=false" in run(hub, there, "second")[2]
        assert there.written == []

        there.pages = {"status": "built", "build_type": "legacy", "source": {"branch": "main", "path": "/"}}
        said, _, outputs = run(hub, there, "third")
        assert "config.yaml says `mode: artifact`, but Pages shows a branch: choose GitHub Actions as" in said
        assert "artifact=false" in outputs, "GitHub would refuse it"


def test_a_domain_of_the_configuration_stands_on_the_branch_and_is_held_against_that_of_pages(
    hub: Hub,
) -> None:
    configure(hub, {"site": {"domain": "report.example.org"}})
    with github() as there:
        there.pages = {"status": "built", "build_type": "legacy", "cname": "other.example.org"}
        said = run(hub, there, "first", hub.batch(batch(entry("a"))))[0]
        assert hub.site()["CNAME"] == b"report.example.org\n"
        assert "CNAME" not in hub.manifest()["files"]  # type: ignore[operator]
        assert "config.yaml says `domain: report.example.org`, and Pages serves other.example.org" in said
        there.pages["cname"] = "report.example.org"
        before = hub.heads()
        assert "`domain:" not in run(hub, there, "second")[0]
        assert hub.heads() == before
