"""What search engines and link previews are told: addresses, texts, and numbers that are figures."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from generator.language import ENGLISH
from generator.pages.structured_data import json_ld
from generator.report import Report
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from tests.support.paths import NODE

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
BASE = "https://watershed.example/funding/"


def block(files: dict[str, bytes], path: str) -> dict[str, Any]:
    [found] = BLOCK.findall(files[path].decode())
    document = json.loads(found)
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("path", ["index.html", "p/well/index.html", "p/maktaba/index.html"])
def test_a_data_set_says_true_things(path: str, files: dict[str, bytes], report: Report) -> None:
    data = block(files, path)
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Dataset")
    assert data["url"] == BASE + path.removesuffix("index.html")
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert 50 <= len(data["description"]) <= 5000, "what Google's test asks for"
    assert data["description"].startswith("Demo data. ")
    compared = 0
    for measured in data["variableMeasured"]:
        figure = report.figure(measured["propertyID"])
        assert figure is not None
        place = {"exact": "value", "at_least": "minValue", "at_most": "maxValue"}[figure.bound]
        assert (measured[place], measured["unitText"]) == (figure.value, figure.unit)
        compared += 1
    assert compared >= 5


def test_every_distribution_is_a_file_of_the_site(files: dict[str, bytes]) -> None:
    there = {*files, "manifest.json", "datapackage.json"}
    for path in ("index.html", "p/well/index.html"):
        for file in block(files, path)["distribution"]:
            assert file["contentUrl"].removeprefix(BASE) in there
            assert file["encodingFormat"] in ("text/csv", "application/json")


def test_each_page_has_one_canonical_address_and_one_description(files: dict[str, bytes]) -> None:
    for path, data in files.items():
        if not path.endswith(".html") or path.startswith("embed/"):
            continue
        html = data.decode()
        own = re.findall(r'<link rel="canonical" href="([^"]*)">', html)
        assert own == ([] if path == "404.html" else [BASE + path.removesuffix("index.html")]), path
        assert len(re.findall(r'<meta name="description"', html)) == 1
        assert html.count("<script") == len(BLOCK.findall(html)) <= 1


def test_a_preview_states_figures(files: dict[str, bytes], known: KnownNumbers) -> None:
    html = files["p/well/index.html"].decode()
    [said, names] = re.findall(r'property="og:description" content="([^"]*)" data-figures="([^"]*)"', html)[0]
    assert names.split()[0] in ("towards_goal", "raised")
    assert not audit(html, known).problems
    first = re.search(r"\d+", said)
    assert first
    assert audit(html.replace(said, said.replace(first[0], "9876", 1)), known).problems


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r'"unitText":"msat"', '"unitText":"EUR"'),
        (r'"value":\d+', '"value":1'),
        (r'"propertyID":"well/raised"', '"propertyID":"well/pending"'),
        (r'"isAccessibleForFree":true', '"isAccessibleForFree":true,"amount":5'),
        (r'"propertyID":"well/raised",', '"propertyID":"well/raised","price":"5",'),
        (r'"@type":"Dataset"', '"@type":"Dataset'),
    ],
)
def test_another_number_in_structured_data_is_red(
    old: str, new: str, files: dict[str, bytes], known: KnownNumbers
) -> None:
    html, count = re.subn(old, new, files["p/well/index.html"].decode(), count=1)
    assert count == 1
    found = audit(html, known).problems or forbidden(html)
    print(found)
    assert found


def forbidden(html: str) -> list[str]:
    from generator.verify.page_reader import read_page  # noqa: PLC0415 -- lexbor, for this alone

    return read_page(html).forbidden


def test_no_text_of_others_ends_the_block() -> None:
    text = json_ld({"name": "</script><script>alert(1)</script> & <!--"}, ENGLISH)
    assert "<" not in text
    assert ">" not in text
    assert json.loads(text) == {"name": "</script><script>alert(1)</script> & <!--", "inLanguage": "en"}


TYPES = NODE / "node_modules/schema-dts/dist/schema"
COMPILER = NODE / "node_modules/typescript/bin/tsc"


def judged(documents: Iterable[str], folder: Path) -> list[str]:
    """Hold data sets against the vocabulary as schema-dts types it; return which are wrong, by number."""
    node = shutil.which("node")
    if node is None or not COMPILER.is_file():
        pytest.skip("TypeScript is not installed: npm ci --prefix tests/node")
    lines = [f'import type {{Dataset, WithContext}} from "{TYPES}";']
    lines += [f"export const d{at}: WithContext<Dataset> = {text};" for at, text in enumerate(documents)]
    source = folder / "sets.ts"
    source.write_text("\n".join(lines), encoding="utf-8")
    options = ["--noEmit", "--strict", "--ignoreConfig", "--pretty", "false"]
    done = subprocess.run(
        [node, str(COMPILER), *options, str(source)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    print(done.stdout[:600])
    found = re.findall(r"^sets\.ts\((\d+),\d+\): error", done.stdout, re.MULTILINE)
    assert bool(found) is bool(done.returncode), done.stdout + done.stderr
    return sorted({str(int(line) - 2) for line in found}, key=int)


@pytest.mark.slow
@pytest.mark.node
def test_the_types_of_schema_org_accept_each_data_set(files: dict[str, bytes], tmp_path: Path) -> None:
    blocks = [
        block
        for path, data in files.items()
        if path.endswith(".html")
        for block in BLOCK.findall(data.decode())
    ]
    assert len(blocks) > 5
    assert judged(blocks, tmp_path) == []
    for text in blocks:
        wanted = json.loads(text)
        # what Google requires of a Dataset (Search Central, "Dataset structured data"); more is recommended
        assert wanted["name"]
        assert 50 <= len(wanted["description"]) <= 5000


@pytest.mark.slow
@pytest.mark.node
def test_the_types_of_schema_org_find_what_is_wrong(files: dict[str, bytes], tmp_path: Path) -> None:
    text = json.dumps(block(files, "p/well/index.html"), separators=(",", ":"))
    wrong = [
        text.replace('"@type":"Dataset"', '"@type":"Datenset"'),
        text.replace('"@type":"DataDownload"', '"@type":"Download"', 1),
        text.replace('"encodingFormat":', '"encoding_format":', 1),
        text.replace('"@context":"https://schema.org",', ""),
        re.sub(r'"(value|minValue)":\d+', '"minValue":"many"', text, count=1),
        text.replace('"name":', '"named":', 1),
    ]
    assert all(changed != text for changed in wrong)
    assert judged([text, *wrong], tmp_path) == [str(at) for at in range(1, len(wrong) + 1)]
