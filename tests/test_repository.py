"""What a stranger finds in the repository is what it says."""

import re
import subprocess

import pytest
import yaml

from tests.support.paths import ROOT

TRACKED = subprocess.run(
    ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split("\0")[:-1]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-kernel.lock"])
def test_lock_files_pin_by_hash_and_name_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    pins = re.findall(r"^[a-z0-9][^ ]*==", text, re.MULTILINE)
    assert pins
    assert text.count("--hash=sha256:") >= len(pins)


def test_node_lock_names_no_host() -> None:
    locks = [name for name in TRACKED if name.endswith("package-lock.json")]
    assert locks
    for name in locks:
        assert "://" not in (ROOT / name).read_text(), name


def test_the_demo_lock_is_part_of_the_test_lock() -> None:
    run, dev = ((ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock"))
    pins = set(re.findall(r"^[a-z0-9][^ ]*==[^ ]+", run, re.MULTILINE))
    assert pins <= set(re.findall(r"^[a-z0-9][^ ]*==[^ ]+", dev, re.MULTILINE))


def test_the_fixed_top_level_stands() -> None:
    for name in [
        "generator",
        "templates",
        "content",
        "output",
        ".github",
        "config.yaml",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
    ]:
        assert (ROOT / name).exists(), name
    assert [name for name in TRACKED if name.startswith("output/")] == ["output/.gitkeep"]


def test_make_help_tells_every_target() -> None:
    done = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    [targets] = re.findall(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert [line.split()[0] for line in done.stdout.splitlines()] == targets.split()


def test_a_commit_is_held_against_what_make_lint_checks() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "lint", "--dry-run", "--old-file", ".venv/.dev"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    [repository] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [hook["entry"] for hook in repository["hooks"]] == done.stdout.splitlines()


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("content/snapshots/angor/2026-05.jsonl", True),
        ("output/index.html", True),
        ("tests/data/bips/bip340-test-vectors.csv", True),
        ("generator/ledger.py", False),
        ("content/pages/about.md", False),
    ],
)
def test_git_keeps_every_byte_of_what_is_hashed(path: str, kept: bool) -> None:  # noqa: FBT001 -- a table
    done = subprocess.run(
        ["git", "check-attr", "text", "--", path], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{path}: text: {'unset' if kept else 'auto'}\n"
