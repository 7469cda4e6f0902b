"""What is beyond the bounds of a site ends with its name and exit 5; nothing of it reaches a terminal raw."""

import asyncio
import gzip
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from tempfile import TemporaryFile
from threading import Thread

import pytest

from generator.cli import Exit
from generator.cli.verify_messages import VerificationQuestion
from generator.cli.verify_process import verify_apart
from generator.config.positions import MOST_VALUES
from generator.sources.http import HttpLimits
from generator.verify.address_reader import read_address
from generator.verify.files_check import check_schemas
from generator.verify.known_numbers import KnownNumbers
from generator.verify.log_check import read_log
from generator.verify.page_audit import audit
from generator.verify.prefix_hashes import PrefixHashes
from generator.verify.published_site import Installation
from generator.verify.results import LONGEST_PROBLEM, MOST_PROBLEMS, checked
from generator.verify.site_copy import SiteBeyondBounds, SiteCopy
from generator.verify.steps import verify
from tests.verify.forger import rehashed
from tests.verify.original import Original

CPU_S = 2.0  #: hashing each prefix by itself would take ten times as long
SMALL = HttpLimits(attempts=1, body_bytes=2_000)
MANIFEST = {"schema": 1, "demo": True, "snapshot": "", "as_of": "", "pixels": {}}


@contextmanager
def site(answers: dict[str, bytes], coding: str = "identity") -> Iterator[str]:
    """Serve bodies by path on this machine; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers[self.path]
            self.send_response(200)
            self.send_header("Content-Encoding", coding)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def manifest_of(*paths: str) -> bytes:
    return json.dumps({**MANIFEST, "files": dict.fromkeys(paths, "0" * 64)}).encode()


def test_a_file_of_a_served_site_that_is_too_long_is_refused_by_name() -> None:
    files = {"/manifest.json": manifest_of("a", "b"), "/a": b"x" * 2_001, "/b": b"x" * 2_000}
    with site(files) as url, TemporaryFile() as disk:
        copy = asyncio.run(read_address(url, disk, limits=SMALL))
        assert copy.files["b"] == b"x" * 2_000
    assert "sent more than the 2000 bytes allowed" in copy.refused["a"]
    assert copy.unread == {}


def test_a_manifest_beyond_its_bounds_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    with site({"/manifest.json": manifest_of(*"abcdefghijklmnopqrstuvwxyz")}) as url, TemporaryFile() as disk:
        with pytest.raises(SiteBeyondBounds, match=r"the manifest: 127\.0\.0\.1:.* more than the 1000 bytes"):
            asyncio.run(read_address(url, disk, limits=HttpLimits(body_bytes=1_000)))
        monkeypatch.setattr("generator.verify.address_reader.MOST_FILES", 3)
        with pytest.raises(SiteBeyondBounds, match="lists 26 files, more than the 3 that are read"):
            asyncio.run(read_address(url, disk))


def test_a_site_that_is_packed_twice_is_exit_5() -> None:
    body = gzip.compress(gzip.compress(manifest_of()))
    with site({"/manifest.json": body}, coding="gzip, gzip") as url:
        answer = verify_apart(VerificationQuestion(site=url))
    assert answer.code == Exit.MISMATCH
    assert "several codings, 'gzip, gzip', where gzip or none was asked for" in answer.error


def test_each_byte_that_run_records_vouch_for_is_hashed_once() -> None:
    data = bytes(range(256)) * 1600
    hashes = PrefixHashes({"a": data}, {"a": range(0, len(data) + 1, 8)})
    began = time.process_time()
    for length in range(0, len(data) + 1, 8):
        found = hashes.of("a", length)
        if length % 100_000 == 0:
            assert found == hashlib.sha256(data[:length]).hexdigest()
    assert time.process_time() - began < CPU_S
    assert (hashes.of("a", 1), hashes.of("a", len(data) + 1), hashes.of("b", 1)) == ("", "", "")


def test_a_page_of_digits_is_read_once() -> None:
    nothing = KnownNumbers(figures={}, rows={}, parts={}, declarations={})
    began = time.process_time()
    found = audit(f'<p><span data-figures="a b">{"1" * 60_000}</span>', nothing)
    assert time.process_time() - began < CPU_S
    assert any("0 amounts" in problem for problem in found.problems)


def test_run_records_list_a_bounded_number_of_files(
    original: Original, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.verify.log_check.MOST_LISTED", 3)
    [told] = [check for check in read_log(original.copy.log).results if check.name == "run-records"]
    assert "the lists of all runs so far have more than 3 files" in told.problems[0]


def test_problems_are_short_and_obeyed_by_no_terminal() -> None:
    result = checked("x", ["\x1b]0;owned\x07\u202e" + "long" * 10_000, "plain: äß …"], 1)
    assert len(result.problems[0]) <= LONGEST_PROBLEM * len("\\u202e")
    assert result.problems[0].startswith("\\x1b]0;owned\\x07\\u202elong")
    assert result.problems[1] == "plain: äß …"


def test_a_data_file_of_many_faults_is_read_up_to_the_first_of_them(original: Original) -> None:
    figures = json.loads(original.copy.files["figures.json"])
    figures["figures"] = [0] * 10_000
    files = {**original.copy.files, "figures.json": json.dumps(figures).encode()}
    copy = SiteCopy(subject="site", files=files, listed=True)
    [shapes] = [check for check in check_schemas(copy, same_version=True) if check.name == "data-shapes"]
    assert shapes.found == MOST_PROBLEMS


def test_a_published_configuration_has_a_bounded_number_of_values(
    original: Original, installation: Installation
) -> None:
    recipe = json.loads(original.copy.files["data/recipe.json"])
    recipe["config"]["accepted"] = [0] * (10 * MOST_VALUES)
    files = rehashed({**original.copy.files, "data/recipe.json": json.dumps(recipe).encode()})
    outcome = verify(SiteCopy(subject="site", files=files, listed=True), installation)
    said = " ".join(problem for check in outcome.checks for problem in (*check.problems, check.reason))
    assert "data/recipe.json is missing, cannot be read, or has more than 150000 values" in said
    assert outcome.mismatch
