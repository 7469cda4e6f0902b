"""The catalogue of a language: begun, brought up to date, refused with the next step, counted by `check`."""

from pathlib import Path

import pytest

from generator.catalogues import own_catalogues, parsed, place_of
from generator.cli import Exit, run

CONFIG = """\
version: 1
site: {title: Example, base_url: "https://example.net", languages: [en, pt-BR]}
network: main
projects: []
sources: {}
"""
FILE = f"languages/{place_of('pt-BR')}"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_catalogue_is_begun_with_every_message_and_what_is_translated_stays(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check"]) == Exit.WRONG_USE
    assert "Sunlit has en, de: `sunlit translate pt-BR` begins one" in capsys.readouterr().out
    assert run(["translate", "pt-BR"]) == Exit.DONE
    first = (site / FILE).read_text()
    assert f"{FILE} is written: " in capsys.readouterr().out
    assert "AUTHOR" not in first
    assert "nplurals=3" in first, "as Brazilians count"
    own = '\nmsgid "Ours alone"\nmsgstr "S\u00f3 nosso"\n'
    (site / FILE).write_text(
        first.replace('msgid "Projects"\nmsgstr ""', 'msgid "Projects"\nmsgstr "Projetos"') + own
    )
    assert run(["translate", "pt-BR"]) == Exit.DONE
    again = (site / FILE).read_bytes()
    messages = parsed("pt-BR", again, file=FILE).messages
    assert {text: messages[text] for text in ("Projects", "Ours alone")} == {
        "Projects": ("Projetos",),
        "Ours alone": ("S\u00f3 nosso",),
    }
    assert run(["translate", "pt-BR"]) == Exit.DONE
    assert own_catalogues(site) == {"pt-BR": again}, "twice changes nothing"


@pytest.mark.usefixtures("site")
def test_check_counts_what_is_not_translated(capsys: pytest.CaptureFixture[str]) -> None:
    run(["translate", "pt-BR"])
    count = capsys.readouterr().out.partition(" messages")[0].split()[-1]
    assert run(["check"]) == Exit.DONE
    assert f"{FILE}:1:1: warning: {count} messages have no translation" in capsys.readouterr().out
    assert run(["check", "--strict"]) == Exit.WARNED


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "English is what messages are written in"),
        ("xx", "unknown locale 'xx'"),
        ("../de", "CODE must be the code of a language"),
    ],
)
def test_what_is_no_language_is_refused(
    code: str, said: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["translate", code]) == Exit.WRONG_USE
    assert said in capsys.readouterr().err
    assert not (site / "languages").exists()


def test_a_catalogue_that_cannot_be_used_is_left_as_it_is(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["translate", "pt-BR"])
    broken = (
        (site / FILE)
        .read_text()
        .replace('msgid "goal {goal}"\nmsgstr ""', 'msgid "goal {goal}"\nmsgstr "alvo"')
    )
    (site / FILE).write_text(broken)
    assert run(["translate", "pt-BR"]) == Exit.WRONG_USE
    assert "same placeholders and tags: {goal}" in capsys.readouterr().err
    assert (site / FILE).read_text() == broken
