"""The HTML is valid by html-validate's recommended rules."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import NODE
from tests.support.proving import drawn, in_full


@pytest.mark.node
@pytest.mark.proof
def test_html_validate_finds_nothing(folder: Path, tmp_path: Path) -> None:
    tool = NODE / "node_modules/html-validate/bin/html-validate.mjs"
    node = shutil.which("node")
    if node is None or not tool.is_file():
        pytest.skip("html-validate is not installed: npm ci --prefix tests/node")
    found = {path.relative_to(folder).as_posix(): str(path) for path in folder.rglob("*.html")}
    others = [path for path in sorted(found) if path.startswith("de/")]  # the same markup in other words
    sample = in_full(drawn(others, 12, "markup"), others)
    pages = [
        found[path]
        for path in sorted({*found} - {*others} | {*sample})
        if not path.startswith(("whole/", "crowd/"))
        or path.endswith(("network/index.html", "open/index.html", "pages/index.html"))
    ]
    said = tmp_path / "found.json"
    options = ["--config", str(NODE / "html-validate.json"), "--formatter", f"json={said}"]
    done = subprocess.run(
        [node, str(tool), *options, *pages],
        capture_output=True,
        text=True,
        check=False,
        cwd=NODE,
    )
    told = [
        (
            Path(file["filePath"]).relative_to(folder).as_posix(),
            message["ruleId"],
            message["message"],
            message["line"],
        )
        for file in json.loads(said.read_text())
        for message in file["messages"]
    ]
    print(f"{len(pages)} pages judged")
    assert told == []
    assert done.returncode == 0
