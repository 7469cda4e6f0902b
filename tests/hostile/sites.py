"""Sites that strangers publish, given to `sunlit verify`."""

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from generator.cli import Exit
from generator.packed import pack, unpack
from generator.verify.site_copy import LARGEST_FILE
from tests.hostile.bench import Give, HostileInput, change, emptied, instead, replaced, write

MANIFEST: Final = "site/manifest.json"
VERIFY: Final = ("verify", "site")
LAUGHS: Final = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB: Final = f'<!DOCTYPE svg [<!ENTITY l0 "lol">{LAUGHS}]><svg xmlns="http://www.w3.org/2000/svg"><text>&l9;</text></svg>'


def sealed(give: Give) -> Give:
    """Return what changes a site and then lists what is there, as a forger does."""

    def seal(folder: Path) -> None:
        give(folder)
        site = folder / "site"
        manifest = json.loads((folder / MANIFEST).read_bytes())
        manifest["files"] = {
            path.relative_to(site).as_posix(): sha256(path.read_bytes()).hexdigest()
            for path in sorted(site.rglob("*"))
            if path.is_file() and path != folder / MANIFEST
        }
        (folder / MANIFEST).write_text(json.dumps(manifest))

    return seal


def _listed(more: Callable[[dict[str, str]], dict[str, str]]) -> Give:
    def edit(data: bytes) -> bytes:
        manifest = json.loads(data)
        manifest["files"] = more(manifest["files"])
        return json.dumps(manifest).encode()

    return change(MANIFEST, edit)


def _recipe(**fields: Any) -> Give:  # noqa: ANN401 -- JSON
    def edit(data: bytes) -> bytes:
        recipe = json.loads(data)
        for name, value in fields.items():
            recipe[name] = {**recipe[name], **value} if isinstance(value, dict) else value
        return json.dumps(recipe).encode()

    return sealed(change("site/data/recipe.json", edit))


def _input(name: str, text: str) -> Give:
    """Return what puts a text where the maintainer's are published, named by the recipe."""
    path = f"data/inputs/{name}"

    def give(folder: Path) -> None:
        write(f"site/{path}", text)(folder)
        _recipe(inputs={path: sha256(text.encode()).hexdigest()})(folder)

    return give


def _row(name: str, give: Give, says: str, code: Exit = Exit.MISMATCH) -> HostileInput:
    return HostileInput(name=f"site: {name}", give=give, command=VERIFY, code=code, says=says)


_ZERO: Final = "0" * 64
_PAGE: Final = "site/index.html"
_LOG: Final = "site/data/snapshots/angor/*.jsonl.bz2"
MANIFESTS: Final = (
    _row("manifest nested 100,000 deep", write(MANIFEST, "[" * 100_000), "manifest"),
    _row("manifest empty", write(MANIFEST, ""), "manifest"),
    _row("manifest no UTF-8", write(MANIFEST, b'{"schema":1,"demo":"\xff\xfe"}'), "manifest"),
    _row("manifest with NUL", change(MANIFEST, replaced(b"{", b"{\0")), "manifest"),
    _row(
        "manifest with a byte order mark", change(MANIFEST, lambda data: b"\xef\xbb\xbf" + data), "manifest"
    ),
    _row("manifest lists itself", _listed(lambda files: {**files, "manifest.json": _ZERO}), "manifest"),
    _row(
        "manifest with absolute path", _listed(lambda files: {**files, "/etc/passwd": _ZERO}), "/etc/passwd"
    ),
    _row("manifest leads outside", _listed(lambda files: {**files, "../up.html": _ZERO}), "../up.html"),
    _row("manifest with a path of 100,000 letters", _listed(lambda f: {**f, "a" * 100_000: _ZERO}), "listed"),
    _row(
        "manifest with 300,000 names",
        _listed(lambda files: {**files, **{f"a/{n}": _ZERO for n in range(100_000)}}),
        "manifest",
    ),
    _row(
        "manifest with keys twice", change(MANIFEST, replaced(b"{", b'{"schema":1,"schema":2,')), "manifest"
    ),
    _row("manifest a folder", instead(MANIFEST, Path.mkdir), "manifest", Exit.MISMATCH),
    _row(
        "manifest a link to a device",
        instead(MANIFEST, lambda to: to.symlink_to("/dev/zero")),
        "manifest.json",
    ),
    _row("manifest a pipe", instead(MANIFEST, os.mkfifo), "manifest"),
)
FILES: Final = (
    _row("page a pipe", instead(_PAGE, os.mkfifo), "index.html"),
    _row("page a link outside", instead(_PAGE, lambda to: to.symlink_to("/etc/passwd")), "index.html"),
    _row("page a link to itself", instead(_PAGE, lambda to: to.symlink_to("index.html")), "index.html"),
    _row("page a folder", instead(_PAGE, Path.mkdir), "index.html"),
    _row("page empty", sealed(write(_PAGE, "")), "index.html"),
    _row("file named CON", sealed(write("site/CON", "x")), "CON"),
    _row("file with a line break in its name", sealed(write("site/a\nb.html", "x")), "b.html"),
    _row("file with 250 letters in its name", sealed(write(f"site/{'a' * 250}", "x")), "aaa"),
    _row("file of other case", sealed(write("site/INDEX.html", "x")), "INDEX.html"),
    _row("name that turns around", sealed(write("site/a\u202elmth.exe", "x")), "a"),
    _row("folders 60 deep", sealed(write("site/" + "d/" * 60 + "x", "x")), "d/d"),
    _row("chart of a billion laughs", sealed(write("site/p/bomb.svg", BOMB)), "bomb.svg"),
    _row(
        "table that computes",
        sealed(change("site/p/garden/ledger/ledger.csv", lambda d: d + b"=cmd|'/c calc'!A1\n")),
        "ledger",
    ),
    _row(
        "page of a million digits",
        sealed(change(_PAGE, replaced(b"</main>", b"9" * 10**6 + b"</main>"))),
        "index",
    ),
    _row(
        "page of 100,000 elements in one another",
        sealed(change(_PAGE, replaced(b"</main>", b"<data value='1'>" * 100_000 + b"</main>"))),
        "index.html",
    ),
    _row(
        "page of numbers in many groups",
        sealed(change(_PAGE, replaced(b"</main>", b"1,111" * 60_000))),
        "index",
    ),
    _row(
        "page with bidi marks",
        sealed(change(_PAGE, replaced(b"<main", "<p>\u202e1 BTC</p><main".encode()))),
        "index",
    ),
    _row("page no UTF-8", sealed(change(_PAGE, replaced(b"<main", b"\xff\xfe<main"))), "index.html"),
)
DATA: Final = (
    _row("figures nested 100,000 deep", sealed(write("site/figures.json", "[" * 100_000)), "figures.json"),
    _row(
        "figures with NaN",
        sealed(change("site/figures.json", replaced(b'"value":', b'"value":NaN,"x":'))),
        "figures",
    ),
    _row(
        "figures with a million digits",
        sealed(change("site/figures.json", replaced(b'"value":', b'"value":' + b"9" * 10**6 + b',"x":'))),
        "figures.json",
    ),
    _row(
        "figures with an exponent without end",
        sealed(change("site/figures.json", replaced(b'"value":', b'"value":1e999999999999,"x":'))),
        "figures.json",
    ),
    _row(
        "figures with a series of 100,000 days",
        sealed(
            change("site/p/*/figures.json", replaced(b'"points":[', b'"points":[' + b'["x",1],' * 100_000))
        ),
        "figures",
    ),
    _row(
        "figures with long texts in a series",
        sealed(change("site/p/*/figures.json", replaced(b"{of}", b"{of}" * 10**6))),
        "figures",
    ),
    _row("recipe empty", sealed(write("site/data/recipe.json", "")), "recipe.json"),
    _row("recipe no UTF-8", sealed(write("site/data/recipe.json", b'{"a":"\xff"}')), "recipe.json"),
    _row("a page of brackets", _input("pages/about.md", "[" * 500_000), "about"),
    _row("a page of 20 MB", _input("pages/about.md", "word " * 4_000_000), "5000000 letters"),
    _row("nested lists as a page", _input("pages/about.md", "1. " * 20_000 + "x"), "about"),
    _row("a page that the recipe does not name", sealed(write("site/data/inputs/pages/x.md", "x")), "x.md"),
    _row("a template that fails", _input("theme/base.html.txt", "{{ 1 / 0 }}"), "its own templates fail"),
    _row(
        "a template that looks for the machine",
        _input("theme/base.html.txt", "{{ lipsum.__globals__['os'].environ }}"),
        "its own templates fail",
    ),
    _row("a theme of 3 MB", _input("theme/base.html.txt", "x" * 3 * 2**20), "at most 200 files"),
    _row(
        "recipe that names another template",
        _recipe(templates={"page.html": _ZERO}),
        "same-bytes was not checked",
        Exit.INCOMPLETE,
    ),
    _row(
        "recipe with configuration nested deep",
        _recipe(config={"site": json.loads("[" * 400 + "]" * 400)}),
        "recipe",
    ),
    _row(
        "recipe with 50,000 projects",
        _recipe(config={"projects": [{"slug": f"p{n}", "title": "x"} for n in range(50_000)]}),
        "recipe",
    ),
)


def _of_log(source: str, edit: Callable[[bytes], bytes]) -> Give:
    """Return what changes the text of a file of the published log."""
    path = f"site/data/snapshots/{source}/*.jsonl.bz2"
    return sealed(change(path, lambda data: pack(edit(unpack(data, LARGEST_FILE)))))


LOGS: Final = (
    _row(
        "log nested 100,000 deep",
        _of_log("angor", lambda data: data + b"[" * 100_000 + b"\n"),
        "log",
    ),
    _row("log of one empty line", _of_log("angor", lambda data: data[:0] + b"\n"), "angor/"),
    _row("log file of no kind", sealed(write("site/data/snapshots/runs/2026-02.jsonlx", "x")), "jsonlx"),
    _row("log empty", sealed(emptied(_LOG)), "angor/"),
    _row("log not packed", sealed(change(_LOG, lambda data: unpack(data, LARGEST_FILE))), "no file of bzip2"),
    _row("log cut off", sealed(change(_LOG, lambda data: data[:-10])), "not one whole stream of bzip2"),
    _row("log with more behind it", sealed(change(_LOG, lambda data: data + b"x")), "not one whole stream"),
    _row("log of two streams", sealed(change(_LOG, lambda data: data + data)), "not one whole stream"),
    _row(
        "log that unpacks to more than 100 MB",
        _of_log("angor", lambda data: data + b"x" * 10**8 + b"\n"),
        "unpacked it has more than",
    ),
    _row("log no UTF-8", _of_log("angor", replaced(b'"id":"', b'"id":"\xff')), "log"),
    _row("log with NUL", _of_log("angor", replaced(b'"id":"', b'"id":"\0')), "log"),
    _row("log with a lone surrogate", _of_log("angor", replaced(b'"id":"', rb'"id":"\ud800')), "log"),
    _row(
        "log with Windows' line ends",
        _of_log("angor", lambda data: data.replace(b"\n", b"\r\n")),
        "canonical",
    ),
    _row("log with unknown records", _of_log("angor", replaced(b'"type":"', b'"type":"un')), "log"),
    _row(
        "log with keys twice",
        _of_log("angor", replaced(b'"record":{', b'"record":{"id":"a",')),
        "canonical",
    ),
    _row(
        "log with an id of 10 MB",
        _of_log("angor", replaced(b'"id":"', b'"id":"' + b"a" * 10**7)),
        "length <= 1000",
    ),
    _row(
        "log with an amount of 10^400",
        _of_log("angor", replaced(b'"amount_msat":', b'"amount_msat":1' + b"0" * 400)),
        "log",
    ),
    _row(
        "rate with an exponent without end",
        _of_log("rates", replaced(b'"price":"', b'"price":"1e999999999","x":"')),
        "rates/",
    ),
    _row(
        "run in the year 0",
        _of_log("runs", replaced(b'"at":"2026', b'"at":"0000')),
        "runs/",
    ),
    _row(
        "run in the year 9999",
        _of_log("runs", replaced(b'"at":"2026', b'"at":"9999')),
        "run",
    ),
    _row(
        "run at second 10^18",
        _of_log("runs", replaced(b'"at":"', b'"at":1000000000000000000,"x":"')),
        "runs/",
    ),
    _row(
        "run record of another file",
        _of_log("runs", replaced(b'"path":"angor/', b'"path":"../../../')),
        "../../..",
    ),
)
SITES: Final = (*MANIFESTS, *FILES, *DATA, *LOGS)
