"""What stands in `content/` and `templates/` is a file of the repository, or it is named and refused."""

import os
from pathlib import Path

import pytest

from generator.cli import Exit, run

CONFIG = """\
version: 1
site: {title: T, base_url: "https://example.org/t/"}
network: main
sources:
  btcpay: [{id: pay, url: "https://pay.example.org", token_env: PAY_TOKEN, stores: [STORE]}]
projects: [{slug: well, btcpay: {source: pay, store: STORE}}]
""".replace("STORE", "9meYcPwN998D2MhGh1aeXhY9bXBg4wPqLnjBJUvoakAS")
#: What is not to be published → the link, where it leads, and what is named.
LINKS = {
    "a page": ("content/pages/a.md", "/AWAY/secret", "content/pages/a.md"),
    "a relative page": ("content/pages/a.md", "../../../away/secret", "content/pages/a.md"),
    "a template": ("templates/base.html", "/AWAY/secret", "templates/base.html"),
    "a folder": ("templates/more", "/AWAY", "templates/more"),
    "all templates": ("templates", "/AWAY", "templates"),
    "pages": ("content/pages", "/AWAY", "content/pages"),
    "a log": (
        "content/snapshots/angor/2026-01.jsonl",
        "/AWAY/secret",
        "content/snapshots/angor/2026-01.jsonl",
    ),
    "by way of a folder": ("content/pages", "../linked", "content/pages/a.md"),
    "a secret inside": ("content/pages/a.md", "../../.git/config", "content/pages/a.md"),
    "no end": ("content/pages/loop", "..", "content/pages/loop"),
    "itself": ("content/pages/loop", "loop", "content/pages/loop"),
    "nothing": ("content/pages/a.md", "b.md", "content/pages/a.md"),
    "a device": ("content/pages/a.md", "/dev/zero", "content/pages/a.md"),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a repository that has secrets of its own and beside it."""
    site, away = tmp_path / "site", tmp_path / "away"
    for folder in (away, site / ".git", site / "linked"):
        folder.mkdir(parents=True)
    (away / "secret").write_text("# A secret")
    (site / ".git/config").write_text("token")
    (site / "linked/a.md").symlink_to(away / "secret")
    (site / "config.yaml").write_text(CONFIG)
    return site


def refused(site: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is said of a repository that no command takes."""
    for command in ("render", "check"):
        assert run([command, "-c", str(site / "config.yaml")]) == Exit.WRONG_USE
    said = capsys.readouterr()
    assert said.err.splitlines()[0].removeprefix("Error: ") in said.out
    assert "A secret" not in said.out + said.err
    return said.out


@pytest.mark.parametrize("case", LINKS)
def test_what_leads_out_of_the_repository_is_refused(
    case: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link, to, named = LINKS[case]
    (site / link).parent.mkdir(parents=True, exist_ok=True)
    (site / link).symlink_to(to.replace("/AWAY", str(site.parent / "away")))
    said = refused(site, capsys)
    assert said.startswith(f"{named}:1:1: leads ")


def test_what_is_no_file_is_refused(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "templates").mkdir()
    os.mkfifo(site / "templates/base.html")
    (site / os.fsdecode(b"templates/\xff.html")).touch()
    said = refused(site, capsys)
    assert "templates/base.html:1:1: is no file" in said
    assert "udcff.html':1:1: has a name that cannot be shown" in said


def test_a_link_inside_the_repository_is_a_file(site: Path) -> None:
    (site / "README.md").write_text("# Us")
    (site / "content/pages").mkdir(parents=True)
    (site / "content/pages/about.md").symlink_to("../../README.md")
    (site / "content/.gitkeep").touch()
    (site.parent / "again").symlink_to(site)
    for folder in (site, site.parent / "again"):
        assert run(["check", "-c", str(folder / "config.yaml")]) == Exit.DONE


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("config.yaml", "", ""),
        (
            "rates.csv",
            "projects",
            "  rates: {provider: csv, file: rates.csv}\nunits: {fiat: [EUR]}\nprojects",
        ),
        ("ca.pem", "id: pay,", "id: pay, ca_file: ca.pem,"),
    ],
)
def test_a_device_is_no_file_of_a_configuration(
    name: str, old: str, new: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "config.yaml").write_text(CONFIG.replace(old, new, 1))
    (site / name).unlink(missing_ok=True)
    (site / name).symlink_to("/dev/null")  # which, unlike a pipe, ends where the guard is gone
    assert "it is no plain file" in refused(site, capsys)


def test_a_template_nested_without_end_is_named(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "templates").mkdir()
    (site / "templates/page.html").write_text("{% if a %}" * 3_000)
    assert run(["check", "-c", str(site / "config.yaml")]) == Exit.WRONG_USE
    assert "templates/page.html:1:1: nested deeper than" in capsys.readouterr().out
