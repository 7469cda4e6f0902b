"""A site with a section `hook`, and GitHub's stand-in."""

from pathlib import Path

import pytest

from generator.cli.site_folder import SiteFolder, load_site
from tests.hook.receiver import CONFIG, SECRET, TOKEN, GitHub
from tests.support.skipping_loop import SKIPPING


@pytest.fixture
def anyio_backend() -> object:
    return SKIPPING


@pytest.fixture
def github() -> GitHub:
    return GitHub()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteFolder:
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    monkeypatch.setenv("HOOK_TOKEN", TOKEN)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG.replace("API", "http://127.0.0.1:9"))
    return load_site(tmp_path / "config.yaml", None)
