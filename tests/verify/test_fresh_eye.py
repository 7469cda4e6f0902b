"""Lies about money that verification once took, each found by somebody who had not built it."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from generator import pages, report, store
from generator.cli import Exit, run
from generator.cli.commands.verify import exit_code
from generator.errors import ConfigError
from generator.pages import Content
from generator.pages.file_kinds import of_kinds
from generator.pages.verify_limits import LIMITS
from generator.snapshot import Binding, Line, Run
from generator.verify.published_site import Installation
from generator.verify.results import at_age
from generator.verify.site_copy import SiteCopy
from generator.verify.steps import verify
from tests.verify.forger import lines_of, log_of, site_of
from tests.verify.original import Original, Quiet, served, write


@pytest.mark.proof(5)
@pytest.mark.parametrize(
    "name",
    [
        *("verify", "p/solar-roof", "p/nobody", "Health", "projects/2", "Projects/nobody", "Method", "p"),
        *("data/snapshots", "404.html", "style.css", "index.html/x", "a/b/c/d"),
    ],
)
def test_no_text_of_the_maintainers_stands_in_place_of_a_page_of_ours(
    name: str, original: Original, installation: Installation
) -> None:
    built = report.build(store.load(original.log), original.config, demo=True)
    texts = {name: "Everything is proven."}
    content = Content(templates=installation.content.templates, pages=texts)
    with pytest.raises(ConfigError, match=f"content/pages/{name}.md"):
        dict(pages.render(built, content))
    assert [problem.file for problem in pages.text_faults(texts)] == [f"content/pages/{name}.md"]


def test_whatever_a_site_publishes_is_taken(original: Original) -> None:
    """Derived from the kinds of files, and a maker of ours that uses a folder of the maintainer's fails."""
    for path in original.copy.files.keys() - {"about/index.html", "method/index.html"}:
        name = path.removesuffix("/index.html")
        assert [problem.file for problem in pages.text_faults({name: "x"})] == [f"content/pages/{name}.md"]
    with pytest.raises(LookupError, match=r"donors/index\.html: of no kind"):
        of_kinds({"donors/index.html": b""})
    assert list(pages.text_faults({"donors": "x", "donors/2026": "x", "method": "x", "verify": " "})) == []


def test_two_texts_whose_names_differ_in_case_are_refused() -> None:
    [problem] = pages.text_faults({"about": "x", "About": "x"})
    assert problem.file == "content/pages/about.md"
    assert "differs from About.md in case alone" in problem.message


def test_a_site_of_the_future_is_never_all_that_holds(original: Original, installation: Installation) -> None:
    real = replace(verify(original.copy, installation), demo=False)
    assert exit_code(at_age(real, timedelta(hours=-1))) is Exit.DONE, "clocks differ"
    assert exit_code(at_age(real, timedelta(days=-23_000))) is Exit.INCOMPLETE
    told = at_age(real, timedelta(days=-23_000)).checks[-1]
    assert (told.name, told.step) == ("clock", "log")


def test_a_project_that_the_configuration_dropped_is_named(
    original: Original, installation: Installation
) -> None:
    """Its money is on no page, and nothing of what is shown says so."""
    config = original.config.model_copy(update={"projects": original.config.projects[1:]})
    dropped = original.config.projects[0]
    lines = [
        Line(
            run=line.run,
            record=replace(line.record, bound="") if isinstance(line.record, Run) else line.record,
        )
        for line in lines_of(original.copy)
        if not (isinstance(line.record, Binding) and line.record.project == dropped.slug)
    ]
    copy = SiteCopy(subject="site", files=site_of(log_of(lines), config), listed=True)
    outcome = verify(copy, installation)
    assert outcome.failed == ()
    [told] = [check for check in outcome.checks if check.name == "projects-unlisted"]
    assert f"angor:{dropped.angor}" in told.reason


class Janus(Quiet):
    """Shows a browser another first page than the command."""

    def do_GET(self) -> None:  # noqa: N802 -- the name that the library calls
        if self.path in ("/", "/index.html") and "Mozilla" in self.headers.get("User-Agent", ""):
            self.path = "/lie.html"
        super().do_GET()


@pytest.mark.slow
def test_a_server_with_another_face_for_browsers_is_a_limit(
    original: Original, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(original, tmp_path / "site")
    (folder / "lie.html").write_text("<p>1,000 BTC raised</p>")
    with served(folder, Janus) as address:
        shown = httpx.get(f"{address}/", headers={"User-Agent": "Mozilla/5.0"}, trust_env=False).text
        assert run(["verify", address]) == Exit.DONE
    assert "1,000 BTC raised" in shown
    assert "Everything holds" in capsys.readouterr().out
    assert "another-face" in LIMITS
