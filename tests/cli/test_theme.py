"""Templates of a site's own: listed, begun, and named where they are wrong or old."""

from pathlib import Path

import pytest

from generator import inputs
from generator.cli import Exit, run
from generator.inputs import default_templates
from generator.pages.template_blocks import VIEW_MODEL
from generator.themes import ORIGINAL

CONFIG = """\
version: 1
site: {title: Example, base_url: "https://example.net"}
network: main
projects: []
sources: {}
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_template_is_begun_without_changing_anything(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in default_templates():
        assert run(["theme", "eject", name]) == Exit.DONE
        assert (site / "content/theme" / name).is_file()
    assert run(["check"]) == Exit.DONE
    capsys.readouterr()
    assert run(["theme", "list"]) == Exit.DONE
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(default_templates())
    [base] = [line for line in lines if line.startswith("base.html")]
    assert base.split()[1:7] == ["head,", "top,", "before,", "main,", "after,", "foot,"]
    assert base.endswith(" content/theme/base.html")
    # copies are Sunlit's own still
    assert all(name.endswith(".html") for name in inputs.theme(site))
    assert ORIGINAL + "base.html" in inputs.templates(site)


def test_a_whole_template_is_a_copy_and_no_file_is_overwritten(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["theme", "eject", "page.html", "--whole"]) == Exit.DONE
    assert (site / "content/theme/page.html").read_bytes() == default_templates()["page.html"]
    assert run(["theme", "eject", "page.html"]) == Exit.WRONG_USE
    assert "content/theme/page.html:1:1: this file is there already" in capsys.readouterr().err
    assert run(["theme", "eject", "pgae.html"]) == Exit.WRONG_USE
    assert "did you mean 'page.html'?" in capsys.readouterr().err


def test_a_template_of_another_view_model_is_a_warning(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = site / "content/theme"
    folder.mkdir(parents=True)
    (folder / "base.html").write_text(
        '{% extends "sunlit/base.html" %}\n{# made for view model 0 #}\n{% block foot %}{% endblock %}'
    )
    assert run(["check", "--strict"]) == Exit.WARNED
    said = capsys.readouterr().out
    assert (
        f"content/theme/base.html:1:1: warning: made for view model 0, and this Sunlit has {VIEW_MODEL}"
        in said
    )


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("read.me", b"x", "is no part of a theme"),
        ("a/b/c.html", b"x", "is no part of a theme"),
        ("sunlit/base.html", b"x", "is no part of a theme"),
        ("style.css", b"x" * 3 * 2**20, "is one too many"),
        ("base.html", b"\xff", "not UTF-8 text"),
        ("base.html", b"{% if %}", "Expected an expression"),
        ("base.html", b'\n{% include "nobody.html" %}', "refers to 'nobody.html'"),
    ],
)
def test_what_is_no_theme_is_named_with_its_file(
    name: str, data: bytes, said: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = site / "content/theme" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    assert run(["check"]) == Exit.WRONG_USE
    told = capsys.readouterr().out
    assert f"content/theme/{name}:" in told
    assert said in told


OWN = """\
{% extends "sunlit/base.html" %}
{# 12 is in a comment #}
{% block before %}
<p class="h2">Since {{ report.as_of }}, without numbers.</p>
<p>We dug
17 wells.</p><img src="a1.png" alt="Well 99" width="10">
{% endblock %}
"""


def test_a_number_of_a_themes_own_is_told_before_anybody_verifies(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "content/theme").mkdir(parents=True)
    (site / "content/theme/base.html").write_text(OWN)
    assert run(["check"]) == Exit.DONE
    told = [line for line in capsys.readouterr().out.splitlines() if "theme" in line]
    assert [line.split(" ")[0] for line in told] == ["content/theme/base.html:6:1:"]
    assert "states the number '17' in words of its own" in told[0]
    assert "content/pages/" in told[0]
    (site / "content/theme/base.html").write_text(OWN.replace("17 ", "").replace("99", "of the village"))
    assert run(["check"]) == Exit.DONE
    assert "content/theme" not in capsys.readouterr().out


def test_sunlits_own_templates_are_not_called_a_theme_with_numbers(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("portfolio.html", "verify.html", "base.html"):
        assert run(["theme", "eject", name, "--whole"]) == Exit.DONE
        path = site / "content/theme" / name
        path.write_bytes(path.read_bytes() + b"{# mine #}\n")
    capsys.readouterr()
    assert run(["check"]) == Exit.DONE
    assert "content/theme" not in capsys.readouterr().out
