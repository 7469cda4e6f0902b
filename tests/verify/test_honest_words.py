"""Honest sites whose texts have amounts and bounds in them: nobody's own words make a site red."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import escape

from generator.cli import Exit, run
from tests.support.hostile_servers import FIELDS, TOKEN, Servers, served

TEXTS = (
    "21 BTC for books",
    "Top 10",
    "2026",
    "₿1",
    "at most 1,000 sats, 5 % of EUR 20",
    "≥",
    "Proven, 100 thousand BTC",
    "٣ BTC",
    "Eins, zwei, drei Millionen Euro",
    "21000000",
    "1,000 BTC",
)


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with served() as running:
        yield running


def of_maintainer(config: str, text: str) -> str:
    """Return a configuration in which the maintainer says a text wherever he may."""
    document = json.loads(config)
    document["site"] |= {
        "title": text,
        "titles": {"de": f"{text} (de)"},
        "description": text,
        "descriptions": {"de": f"{text} (de)"},
        "languages": ["en", "de"],
    }
    for project in document["projects"][:2]:
        project |= {"title": text, "titles": {"de": f"{text} (de)"}}
    document["accepted"] = [{"place": document["projects"][0]["slug"], "reason": f"{text}, as agreed."}]
    return json.dumps(document)


@pytest.mark.slow
@pytest.mark.proof(1)
@pytest.mark.parametrize("text", TEXTS)
def test_words_with_numbers_in_every_field_are_somebodys_own(
    text: str,
    servers: Servers,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for say in FIELDS.values():
        say(servers, text)
    servers.pages["front"] = f"---\ntitle: '{text}'\n---\n# {text}\n\n{text}\n"
    (tmp_path / "content/pages").mkdir(parents=True)
    for name, page in servers.pages.items():
        (tmp_path / f"content/pages/{name}.md").write_text(page)
    (tmp_path / "content/notes.yaml").write_text(f"- {{day: 2026-01-20, text: {json.dumps(text)}}}\n")
    (tmp_path / "config.yaml").write_text(of_maintainer(servers.config(), text))
    monkeypatch.setenv(TOKEN, servers.town.reader.text)
    assert run(["build", "-c", str(tmp_path / "config.yaml")]) in (Exit.DONE, Exit.PARTLY)
    code = run(["verify", str(tmp_path / "output")])
    said = capsys.readouterr().out
    print(said)
    assert code == Exit.DONE
    assert escape(text) in (tmp_path / "output/index.html").read_text()
