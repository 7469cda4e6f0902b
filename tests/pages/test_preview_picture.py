"""The picture for previews elsewhere: its numbers are figures, its text fits, its pixels are its own."""

import io
import zlib
from dataclasses import replace

import pytest
from PIL import Image

from generator.catalogues import languages
from generator.charts.labels import Anchor
from generator.charts.marks import TextMark
from generator.charts.raster import Brush, picture, room
from generator.language import ENGLISH
from generator.pages.preview_picture import (
    BRUSHES,
    HEIGHT,
    WIDTH,
    preview_file,
    preview_marks,
    preview_path,
    title_lines,
)
from generator.png import NOT_OURS, Picture, pixel_hash, same_picture
from generator.report import Report
from generator.verify.figure_texts import texts
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import bare
from generator.wording import Form, unit_of
from tests.support.hostile_texts import TEXTS
from tests.support.png_packing import chunk, packed, with_chunk

PICTURE = 800  # pixels before it begins
TITLES = {
    "one letter": "x",
    "five hundred letters": "abcd " * 100,
    "one word of five hundred": "w" * 500,
    "right to left": "\u0645\u0643\u062a\u0628\u0629 " * 20,
    "zero width": "\u200b\u200d\ufeff",
    "emoji": "\N{GRINNING FACE}\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}",
    "control characters": "a\x00\x1b[31m\u202eb",
    "ideographs": "\u6c34\u4e95" * 30,
    "nothing": "",
}


def test_each_picture_is_a_png_of_its_size_for_other_readers_too(
    files: dict[str, bytes], report: Report
) -> None:
    for project in report.projects:
        data = files[preview_path(project.slug)]
        with Image.open(io.BytesIO(data)) as found:
            assert (found.format, found.size, found.mode) == ("PNG", (WIDTH, HEIGHT), "P")
            assert found.tobytes() == Picture.read(data).pixels
        assert len(data) < 100_000, project.slug


def test_every_number_in_it_is_a_figure_and_none_stands_bare(report: Report, known: KnownNumbers) -> None:
    numbers = 0
    for project in report.projects:
        for mark in preview_marks(report, project):
            if not isinstance(mark, TextMark):
                continue
            if not mark.figure:
                assert list(bare(mark.words)) == []
                continue
            figure = known.figures[mark.figure]
            assert mark.words in {text + unit_of(figure, form) for form in Form for text in texts(figure)}
            numbers += 1
    print(f"{numbers} numbers")
    assert numbers > 15


def test_what_was_raised_stays_beside_the_picture(report: Report) -> None:
    german, sizes = languages({}, ["en", "de"])["de"], set()
    for project in report.projects:
        for language in (ENGLISH, german):
            lines = [mark for mark in preview_marks(report, project, language) if isinstance(mark, TextMark)]
            some = [mark for mark in lines if mark.kind.startswith(("of", "amount"))]
            ends = [mark.anchor.x + room(mark.words, BRUSHES[mark.kind]) for mark in some]
            sizes |= {mark.kind for mark in some}
            assert all(end <= PICTURE for end in ends), (project.slug, "".join(mark.words for mark in some))
    assert {"of", "amount", "amount-small"} <= sizes


def test_it_names_its_day_and_what_is_no_money(report: Report) -> None:
    for project in report.projects:
        said = " ".join(mark.words for mark in preview_marks(report, project) if isinstance(mark, TextMark))
        assert "As of " in said or "last read on " in said or "Not read yet" in said
        assert "Demo data." in said
        assert "Test network regtest." in said


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Well", ["Well"]),
        (
            "A title that goes on and on until nobody reads it",
            ["A title that goes on and", "on until nobody reads it"],
        ),
        (
            "A title that goes on and on until everybody stops reading",
            ["A title that goes on and", "on until everybody…"],
        ),
        ("\u6c34\u4e95", ["the-slug"]),
        ("Donaudampfschifffahrtsgesellschaft", ["Donaudampfschifffahrt…"]),
    ],
)
def test_a_title_is_cut_between_words_and_never_lost(title: str, lines: list[str]) -> None:
    assert title_lines(title, "the-slug") == lines


@pytest.mark.parametrize("words", ["raised of ", "EUR 6 000", "gjpq", "·"])
def test_every_piece_of_a_line_stands_on_the_same_row(words: str) -> None:
    inked = []
    for text in ("H", f"H{words}"):
        mark, brush = TextMark("a", text, Anchor(10, 20), ""), Brush(colour="#000000", size=30)
        drawn = picture((mark,), width=300, height=80, brushes={"a": brush})
        stem = [drawn.pixels[300 * row + 10 : 300 * row + 18] for row in range(80)]
        inked.append([row for row, pixels in enumerate(stem) if len(set(pixels)) > 1])
    assert inked[0] == inked[1] != []


@pytest.mark.parametrize("name", TITLES)
def test_a_title_fits_whatever_it_is(name: str, report: Report) -> None:
    project = replace(report.projects[0], title=TITLES[name])
    marks = [mark for mark in preview_marks(report, project) if isinstance(mark, TextMark)]
    assert sum(mark.kind == "title" for mark in marks) in (1, 2)
    for mark in marks:
        assert mark.anchor.x + room(mark.words, BRUSHES[mark.kind]) <= (1_180 if mark.kind == "note" else 780)
    assert len(preview_file(report, project)) == 1


@pytest.mark.proof(3)
@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_title_is_drawn(name: str, report: Report) -> None:
    project = replace(report.projects[0], title=TEXTS[name])
    assert len(preview_file(replace(report, title=TEXTS[name]), project)) == 1


SMALL = Picture(width=4, height=3, pixels=bytes(range(36)))
INDEXED = Picture(width=3, height=2, pixels=bytes([0, 1, 2, 2, 1, 0]), palette=bytes(range(9)))


@pytest.mark.parametrize("picture", [SMALL, INDEXED], ids=["three bytes", "a palette"])
def test_pixels_are_the_same_however_they_are_packed(picture: Picture) -> None:
    for level in range(10):
        other = packed(picture.png(), level)
        assert Picture.read(other) == picture
        assert pixel_hash(other) == picture.hash
        assert same_picture(other, picture.png())
    with Image.open(io.BytesIO(picture.png())) as found:
        colours = found.convert("RGB").tobytes()
    assert colours == (
        picture.pixels
        if not picture.palette
        else b"".join(picture.palette[3 * place : 3 * place + 3] for place in picture.pixels)
    )
    assert replace(picture, width=picture.height, height=picture.width).hash != picture.hash


OTHERS = {
    "a text chunk": lambda data: with_chunk(data, chunk(b"tEXt", b"Comment\0hello")),
    "a size on paper": lambda data: with_chunk(data, chunk(b"pHYs", bytes(9))),
    "bytes after its end": lambda data: data + b"<script>",
    "a damaged sum": lambda data: data[:-1] + b"x",
    "cut off": lambda data: data[:-9],
    "no PNG": lambda _: b"GIF89a",
    "empty": lambda _: b"",
    "a bomb": lambda _: (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", (40_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0]))
        + chunk(b"IDAT", zlib.compress(bytes(10**6)))
        + chunk(b"IEND", b"")
    ),
    "more pixels than it says": lambda _: (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", (2).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0]))
        + chunk(b"IDAT", zlib.compress(bytes(10**6)))
        + chunk(b"IEND", b"")
    ),
    "other bits": lambda data: (
        data[:16] + chunk(b"IHDR", data[16:24] + bytes([16, 2, 0, 0, 0]))[8:] + data[33:]
    ),
    "a filter": lambda data: data.replace(
        data[33:-12], chunk(b"IDAT", zlib.compress(b"\1" + bytes(12) + (b"\0" + bytes(12)) * 2))
    ),
    "a colour that its palette lacks": lambda _: replace(INDEXED, palette=bytes(6)).png(),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_that_holds_anything_but_pixels_is_none_of_ours(name: str) -> None:
    with pytest.raises(ValueError, match=NOT_OURS):
        Picture.read(OTHERS[name](SMALL.png()))
    assert not same_picture(OTHERS[name](SMALL.png()), SMALL.png())
