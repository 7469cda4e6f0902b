"""Pictures of projects: fetched with bounds from public addresses alone, made small, and taken down again."""

import asyncio
import io
import json
import random
import struct
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import msgspec
import pytest
from PIL import Image

from generator.addresses import NO_LOGIN, without_login
from generator.config import Config
from generator.judge.profile import profile_of
from generator.places import angor_place
from generator.protocol.nostr import sign
from generator.snapshot import Known, Line, Project, ProjectPicture, fold
from generator.snapshot.batch import Batch
from generator.snapshot.takedown import redacted, redactions_of
from generator.sources import pictures
from generator.sources.btcpay.crowdfund import PlaceWords, project_record
from generator.sources.btcpay.greenfield.wire import Crowdfund
from generator.sources.btcpay.store_place import StorePlace
from generator.sources.pictures import with_pictures
from generator.sources.public_internet import NOT_PUBLIC
from generator.verify.record_check import place_of
from generator.verify.record_rules import broken_rules
from generator.webp import MOST_BYTES, MOST_HEIGHT, MOST_WIDTH, NOT_OURS, bytes_of, size_of
from tests.support.png_packing import chunk

NAME = "pictures.sandbox.test"
ANGOR_ID = "angor1qw9chzut3w9chzut3w9chzut3w9chzut39nd44k"
PLACE = angor_place(ANGOR_ID)


def drawn(size: tuple[int, int], kind: str, **options: object) -> bytes:
    """Return a picture of noise, which cannot be packed well."""
    noise = Image.frombytes("RGB", (64, 64), random.Random(1).randbytes(64 * 64 * 3))  # noqa: S311 -- noise
    with io.BytesIO() as file:
        noise.resize(size, Image.Resampling.NEAREST).save(file, kind, **options)
        return file.getvalue()


def turned() -> bytes:
    """Return a photograph that says it stands on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "where I live"
    return drawn((400, 200), "JPEG", exif=exif)


def see_through() -> bytes:
    with io.BytesIO() as file:
        Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(file, "PNG")
        return file.getvalue()


def bomb(side: int) -> bytes:
    """Return a small file of an enormous picture."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(10**6))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


ANSWERS: dict[str, Callable[[], bytes]] = {
    "photo.jpg": lambda: drawn((1_600, 900), "JPEG"),
    "turned.jpg": turned,
    "drawing.png": lambda: drawn((800, 800), "PNG"),
    "clear.png": see_through,
    "film.gif": lambda: drawn((300, 100), "GIF"),
    "new.webp": lambda: drawn((300, 100), "WEBP"),
    "vector.svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "page.png": lambda: b"<!DOCTYPE html><title>Please log in</title>",
    "cut.jpg": lambda: drawn((400, 300), "JPEG")[:2_000],
    "bomb.png": lambda: bomb(60_000),
    "camera.jpg": lambda: drawn((8_000, 5_000), "JPEG", quality=10),
    "large.png": lambda: bytes(pictures.MOST_FETCHED + 1),
    "empty.png": bytes,
}
#: What is said of those that are not taken.
REFUSED = {
    "vector.svg": "it is none of",
    "page.png": "it is none of",
    "cut.jpg": "it is damaged",
    "bomb.png": "60000 x 60000 pixels",
    "camera.jpg": "8000 x 5000 pixels",
    "large.png": "it is larger than",
    "empty.png": "it is none of",
    "none.png": "its server answers 404",
    "away.png": "its server answers 302",
    "slow.png": "it did not come within",
}


@cache
def answer(name: str) -> bytes:
    """Return what the server has."""
    return ANSWERS[name]()


class Host(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = self.path.removeprefix("/")
        if name == "slow.png":
            self.server.wait.wait()  # type: ignore[attr-defined]
        data = answer(name) if name in ANSWERS else b""
        status = 200 if name in ANSWERS else 302 if name == "away.png" else 404
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        if status == 302:
            self.send_header("Location", "/photo.jpg")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[int]:
    for name in ANSWERS:
        answer(name)  # before somebody waits for it, and not when tests are collected
    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        server.wait = Event()  # type: ignore[attr-defined]
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server.server_port
        finally:
            server.wait.set()  # type: ignore[attr-defined]
            server.shutdown()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served() as found:
        yield found


def config(**publish: object) -> Config:
    projects = [{"slug": "well", "angor": ANGOR_ID}]
    return Config.model_validate(
        {
            "version": 1,
            "site": {"title": "T", "base_url": "https://watershed.example"},
            "network": "regtest",
            "sources": {
                "nostr": {"relays": ["wss://relay.example.org"]},
                "indexers": ["https://i.example.org"],
            },
            "projects": projects,
            "publish": publish,
        }
    )


def place(address: str, **more: object) -> Project:
    given = {"id": PLACE, "source": "angor", "kind": "fund", "picture": address, "evidence": ("e1",)}
    return msgspec.convert(given | more, Project)


def batch(*records: Project | ProjectPicture) -> Batch:
    return Batch(run="r", at=datetime(2026, 1, 1, tzinfo=UTC), network="regtest", demo=True, records=records)


def taken(
    address: str, port: int, known: Known | None = None, *, full: bool = False, **publish: object
) -> ProjectPicture | None:
    asked = with_pictures(
        batch(place(address)),
        known or Known(),
        config(**publish),
        hosts={NAME: ("127.0.0.1", port)},
        full=full,
    )
    found = [record for record in asyncio.run(asked).records if isinstance(record, ProjectPicture)]
    return found[0] if found else None


@pytest.mark.parametrize("name", [name for name in ANSWERS if name not in REFUSED])
def test_a_picture_is_made_small_and_keeps_nothing_else(name: str, port: int) -> None:
    record = taken(f"http://{NAME}/{name}", port)
    assert record is not None
    assert (record.reason, record.id, record.source) == ("", PLACE, "angor")
    data = bytes_of(record.webp)
    width, height = size_of(data)
    assert len(data) <= MOST_BYTES
    with Image.open(io.BytesIO(data)) as found:
        found.load()
        assert (found.format, found.size, found.mode) == ("WEBP", (width, height), "RGB")
        assert not found.getexif()
        assert not {"exif", "icc_profile", "xmp"} & found.info.keys()
        if name == "clear.png":
            assert found.getpixel((0, 0)) == (255, 255, 255)
    assert b"where I live" not in data
    if name == "turned.jpg":
        assert height > width
    assert width <= MOST_WIDTH
    assert height <= MOST_HEIGHT
    assert list(broken_rules(Line(run="20260101T000000Z-x", record=record), {PLACE}, config())) == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_left_out_with_a_reason(
    name: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "slow.png":
        monkeypatch.setattr(pictures, "PATIENCE_S", 1.0)
    record = taken(f"http://{NAME}/{name}", port)
    assert record is not None
    assert record.webp == ""
    assert REFUSED[name] in record.reason
    assert list(broken_rules(Line(run="20260101T000000Z-x", record=record), {PLACE}, config())) == []


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://127.0.0.1:{port}/photo.jpg", NOT_PUBLIC),
        ("http://localhost:{port}/photo.jpg", NOT_PUBLIC),
        ("http://[::1]:{port}/photo.jpg", NOT_PUBLIC),
        ("http://169.254.169.254/latest/meta-data", NOT_PUBLIC),
        ("http://[::ffff:127.0.0.1]:{port}/photo.jpg", NOT_PUBLIC),
        ("file:///etc/passwd", "no web address"),
        ("data:image/png;base64,AAAA", "no web address"),
        ("http://user:word@example.org/photo.jpg", "held a name or password"),
        ("http://[", "no web address"),
        ("~/LocalStorage/photo.jpg", "no web address"),
    ],
)
def test_only_public_addresses_are_asked(address: str, why: str, port: int) -> None:
    record = taken(address.format(port=port), port)
    assert record is not None
    assert record.webp == ""
    assert why in record.reason


WITH_LOGIN = (
    "https://user:pass-4711@example.org/a.png",
    "https://user:pass@4711@example.org/a.png?size=2",
    "HTTP:\\\\user:pass-4711@example.org/a.png",
    "//pass-4711@example.org/a.png",
    "user:pass-4711@example.org/a.png",
)


@pytest.mark.parametrize("address", WITH_LOGIN)
def test_a_login_in_an_address_never_reaches_the_log(address: str, port: int) -> None:
    """Neither by a crowdfund nor by a founder's profile; that there was one is said in words."""
    app = Crowdfund(id="A", store_id="S", main_image_url=f" {address} ")
    there = StorePlace(
        place="btcpay:0123456789abcdef/crowdfund:0123456789abcdef", kind="crowdfund", crowdfund=app
    )
    served = project_record(
        there, source="btcpay-0123456789abcdef", said=PlaceWords(), complete=True, standing=None
    )
    said = json.dumps({"banner": address, "website": address})
    card = sign(bytes([7] * 32), kind=0, content=said, created_at=1)
    told = profile_of(card.pubkey, [card], at=datetime(2026, 1, 1, tzinfo=UTC))
    for found in (served.picture, told.picture, told.website):
        assert "4711" not in found
        assert NO_LOGIN in found
    record = taken(served.picture, port)
    assert record is not None
    assert record.webp == ""
    assert record.reason.startswith(("its address held a name or password", "its address is no web address"))
    line = Line(run="20260101T000000Z-x", record=place(address))
    assert "the address of its picture holds a name or password" in broken_rules(line, {PLACE}, config())


@pytest.mark.parametrize(
    "address", ["https://medium.example/@anna/a.png", "https://a.example/?q=a@b", "a.png", ""]
)
def test_an_address_without_a_login_stays(address: str) -> None:
    assert without_login(address) == address


@pytest.mark.slow
def test_a_picture_is_asked_for_once_and_again_when_its_address_changes(port: int) -> None:
    address = f"http://{NAME}/photo.jpg"
    first = taken(address, port)
    assert first is not None
    known = fold([Line(run="r0", record=first)])
    assert taken(address, port, known) is None
    assert pictures.wanted(known, config(), full=False) == []
    assert taken(address, port, known, full=True) is None  # it is the same, so it is no news
    other = taken(f"http://{NAME}/film.gif", port, known)
    assert other is not None
    assert other.webp != first.webp
    failed = taken(f"http://{NAME}/none.png", port)
    assert failed is not None
    again = fold([Line(run="r0", record=msgspec.structs.replace(failed, address=address))])
    assert taken(address, port, again) is not None


def test_pictures_that_take_too_long_wait_for_the_next_run(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "ALL_S", 0.5)
    assert taken(f"http://{NAME}/slow.png", port) is None


def test_whatever_goes_wrong_with_a_picture_ends_no_run(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        msg = "no memory for a process"
        raise OSError(msg)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", broken)
    record = taken(f"http://{NAME}/photo.jpg", port)
    assert record is not None
    assert (record.webp, record.reason) == ("", "it could not be taken (OSError)")


def test_discovered_projects_have_none_unless_all_have_extras() -> None:
    stranger = place(f"http://{NAME}/photo.jpg", id=angor_place("angor1" + "q" * 39))
    known = fold([Line(run="r0", record=stranger)])
    assert pictures.wanted(known, config(), full=False) == []
    assert pictures.wanted(known, config(extras="all"), full=False) == [stranger]


def test_a_picture_that_is_taken_down_leaves_the_log(port: int) -> None:
    record = taken(f"http://{NAME}/photo.jpg", port)
    assert record is not None
    project = place(record.address)
    [redaction] = redactions_of(PLACE, [project, record], "its founder asked")
    standing = {redaction.key: redaction}
    after = redacted(record, standing)
    assert isinstance(after, ProjectPicture)
    assert (after.webp, after.address) == ("", "")
    assert list(broken_rules(Line(run="20260101T000000Z-x", record=after), {PLACE}, config())) == []
    shown = redacted(project, standing)
    assert isinstance(shown, Project)
    assert shown.picture == ""
    assert len(redaction.hashes) == 2
    gone = fold([Line(run="r0", record=one) for one in (shown, after)])
    assert pictures.wanted(gone, config(), full=True) == []


def test_a_picture_of_a_place_that_nothing_else_is_known_of_is_refused(port: int) -> None:
    record = taken(f"http://{NAME}/film.gif", port)
    assert record is not None
    told = list(broken_rules(Line(run="20260101T000000Z-x", record=record), set(), config()))
    assert told == [f"nothing else is recorded of {PLACE}"]
    assert place_of(record) == PLACE


def with_more(data: bytes) -> bytes:
    return data + b"<script>"


ALTERED = {
    "more after its end": with_more,
    "another kind of WebP": lambda data: data.replace(b"VP8 ", b"VP8L"),
    "another length": lambda data: data[:4] + b"\0\0\0\0" + data[8:],
    "cut off": lambda data: data[:-2],
    "no WebP": lambda _: b"GIF89a" + bytes(100),
    "empty": lambda _: b"",
    "a width beyond bounds": lambda data: data[:26] + b"\xff\x3f" + data[28:],
}


@pytest.mark.proof(3)
@pytest.mark.parametrize("how", ALTERED)
def test_a_batch_may_bring_no_other_file_as_a_picture(how: str, port: int) -> None:
    record = taken(f"http://{NAME}/photo.jpg", port)
    assert record is not None
    altered = ALTERED[how](b64decode(record.webp))
    with pytest.raises(ValueError, match="no WebP"):
        size_of(altered)
    forged = msgspec.structs.replace(record, webp=b64encode(altered).decode())
    told = list(broken_rules(Line(run="20260101T000000Z-x", record=forged), {PLACE}, config()))
    assert any(NOT_OURS in problem for problem in told) or how == "empty"
    assert told
