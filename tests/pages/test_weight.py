"""No page with its charts, styles and pictures is heavier than 60 KB as a server sends it."""

import gzip
import re
from pathlib import PurePosixPath

#: Of a page with all that it loads, packed as servers do.
MOST = 60_000


def weight(files: dict[str, bytes], path: str) -> int:
    """Return the bytes of a page and of the files of the site that a browser loads for it."""
    html = files[path].decode()
    links = re.findall(r'<(?:img|source)[^>]+src="([^":]+)"', html)
    links += re.findall(r'<link rel="(?:stylesheet|icon)" href="([^":]+)"', html)
    folder = PurePosixPath("/", path).parent
    found = {path}
    for link in links:
        parts: list[str] = []
        for part in (folder / link).parts[1:]:
            parts = parts[:-1] if part == ".." else [*parts, part]
        found.add("/".join(parts))
    return sum(len(gzip.compress(files[name])) for name in found if name in files)


def test_no_page_is_heavier_than_it_may_be(files: dict[str, bytes]) -> None:
    weights = {path: weight(files, path) for path in files if path.endswith(".html")}
    heaviest = sorted(weights, key=weights.__getitem__)[-5:]
    print({path: weights[path] for path in heaviest})
    assert weights["p/well/index.html"] > len(gzip.compress(files["p/well/index.html"])) + 5_000
    assert {path: size for path, size in weights.items() if size > MOST} == {}
