"""Whatever a site holds, verification answers; it never raises and never says ok."""

import pytest

from generator.next_site import is_inside
from generator.verify.published_site import Installation
from generator.verify.site_copy import SiteCopy
from generator.verify.steps import verify
from tests.verify.forger import rehashed
from tests.verify.original import Original

DEEP = b"[" * 20_000
JUNK = (b"", b"\xff\xfe", b'{"config":' + DEEP)
LOG = "data/snapshots/"
FILES = ("figures.json", "data/recipe.json", "data/ledger.json", f"{LOG}angor/", f"{LOG}runs/")


@pytest.mark.proof(1)
@pytest.mark.parametrize("path", FILES)
def test_junk_in_place_of_a_file_is_a_finding(
    path: str, original: Original, installation: Installation
) -> None:
    name = next(name for name in original.copy.files if name.startswith(path))
    for junk in JUNK:
        forged = rehashed({**original.copy.files, name: junk})
        assert verify(SiteCopy(subject="site", files=forged, listed=True), installation).mismatch


@pytest.mark.slow
def test_junk_in_place_of_the_manifest_is_a_finding(original: Original, installation: Installation) -> None:
    for junk in JUNK:
        files = {**original.copy.files, "manifest.json": junk}
        assert verify(SiteCopy(subject="site", files=files, listed=True), installation).mismatch


def test_an_empty_site_is_no_site(installation: Installation) -> None:
    outcome = verify(SiteCopy(subject="site", files={"manifest.json": b"{}"}, listed=True), installation)
    assert outcome.mismatch
    assert outcome.incomplete


@pytest.mark.parametrize("path", ["../up", "/etc/passwd", "a/../b", "a//b", "", ".", "a\\b", "./a"])
def test_a_path_that_leads_outside_is_not_fetched(path: str) -> None:
    assert not is_inside(path)
