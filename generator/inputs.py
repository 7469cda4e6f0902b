"""Templates and content pages, read from disk as values.

The default templates travel inside the wheel; in a checkout they are the
repository's own `templates/`. A file of the same name in a site's `templates/`
takes the place of a default one.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from generator.errors import ConfigError, Problem


def default_templates() -> dict[str, bytes]:
    """Return the templates that Sunlit ships, by relative path."""
    return _tree(_shipped("templates"))


def default_pages() -> dict[str, str]:
    """Return the content pages that Sunlit ships, by name without ``.md``."""
    return _pages(_shipped("content/pages"))


def templates(root: Path) -> dict[str, bytes]:
    """Return the templates of a site: the defaults, replaced one by one by its own."""
    own = root / "templates"
    return default_templates() | (_tree(own) if own.is_dir() else {})


def pages(root: Path) -> dict[str, str]:
    """Return the Markdown pages of a site, by name; raise `ConfigError` for one that is no text."""
    own = root / "content" / "pages"
    return default_pages() | (_pages(own) if own.is_dir() else {})


def _shipped(name: str) -> Traversable:
    inside = files("generator").joinpath("_shipped", *name.split("/"))
    if inside.is_dir():
        return inside
    return Path(__file__).parent.parent.joinpath(*name.split("/"))


def _tree(folder: Traversable, prefix: str = "") -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.startswith("."):
            continue
        if item.is_dir():
            found |= _tree(item, f"{prefix}{item.name}/")
        else:
            found[prefix + item.name] = item.read_bytes()
    return found


def _pages(folder: Traversable) -> dict[str, str]:
    return {
        name.removesuffix(".md"): text_of(f"content/pages/{name}", data, "page")
        for name, data in _tree(folder).items()
        if name.endswith(".md")
    }


def text_of(file: str, data: bytes, code: str) -> str:
    """Return the text of a file; raise `ConfigError` with its line where it is no UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8 text ({error.reason}); save the file as UTF-8"
        raise ConfigError(Problem(file=file, line=line, path="", message=message, code=code)) from None
