"""Pictures of a site: another packing of the same pixels is the same picture, and nothing else is."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from generator.manifest import MANIFEST, manifest_of
from generator.places import ANGOR
from generator.png import Picture
from generator.snapshot import Line, ProjectPicture
from generator.verify.files_check import check_manifest
from generator.verify.published_site import Installation, PublishedSite
from generator.verify.rebuild_check import check_rebuild
from generator.verify.results import Result
from generator.verify.site_copy import SiteCopy
from tests.support.png_packing import chunk, packed, with_chunk
from tests.verify.bench import Bench, with_pictures
from tests.verify.forger import lines_of, log_of, rehashed
from tests.verify.original import SLUGS, Original
from tests.verify.other_values import replaced

PATH = f"p/{SLUGS[0]}/preview.png"


def repainted(data: bytes) -> bytes:
    picture = Picture.read(data)
    return replace(picture, pixels=bytes([picture.pixels[0] ^ 1]) + picture.pixels[1:]).png()


def sealed(site: SiteCopy, installation: Installation) -> SiteCopy:
    """Return a site with the manifest that its forger writes: of the form of an honest one."""
    listed = msgspec.json.decode(rehashed(site.files)[MANIFEST])
    report = PublishedSite.read(site, installation).report
    manifest = manifest_of(report, listed["files"], listed["pixels"])
    return replace(site, files={**site.files, MANIFEST: manifest})


def red(site: SiteCopy, installation: Installation) -> set[str]:
    found = [*check_manifest(site), *check_rebuild(PublishedSite.read(site, installation))]
    return {check.name for check in found if check.result is Result.FAILED}


CHANGED: dict[str, tuple[Callable[[bytes], bytes], set[str]]] = {
    "packed by another zlib": (lambda data: packed(data, 1), set()),
    "one pixel": (repainted, {"same-bytes"}),
    "a text in it": (
        lambda data: with_chunk(data, chunk(b"tEXt", b"Comment\0hello")),
        {"pictures-changed", "same-bytes"},
    ),
    "a page after its end": (lambda data: data + b"<p>1 000 BTC</p>", {"pictures-changed", "same-bytes"}),
}


@pytest.mark.parametrize("how", CHANGED)
def test_a_picture_is_its_pixels_and_nothing_more(
    how: str, original: Original, installation: Installation
) -> None:
    edit, expected = CHANGED[how]
    before = original.copy.files
    assert edit(before[PATH]) != before[PATH]
    site = replace(original.copy, files={**before, PATH: edit(before[PATH])})
    assert red(sealed(site, installation), installation) == expected


def test_pixels_that_the_manifest_does_not_list_are_red(
    original: Original, installation: Installation
) -> None:
    before = original.copy.files
    site = replace(original.copy, files={**before, PATH: repainted(before[PATH])})
    assert red(site, installation) == {"files-changed", "pictures-changed", "same-bytes"}


def test_pictures_of_two_places_changed_for_one_another_are_red(original: Original, judge: Bench) -> None:
    """Each is a good picture of a place that has one, and neither stands where its place says."""
    lines = with_pictures(lines_of(original.copy))
    pictures = [line.record for line in lines if isinstance(line.record, ProjectPicture)]
    one, other = (picture for picture in pictures if picture.source == ANGOR)
    assert one.webp != other.webp
    swapped = {one.key: replaced(one, "id", other.id), other.key: replaced(other, "id", one.id)}
    forged = [Line(run=line.run, record=swapped.get(line.record.key, line.record)) for line in lines]
    assert list(judge.found_by(log_of(lines))) == []
    assert list(judge.found_by(log_of(forged))) == ["rules"]
