"""Configurations, pages and tables that a repository may hold, given to `check` and `render`."""

import os
from pathlib import Path
from typing import Final

from generator.cli import Exit
from tests.hostile.bench import Give, HostileInput, change, instead, write

_CONFIG: Final = "config.yaml"
_LAUGHS: Final = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


def _row(
    name: str, give: Give, says: str, *command: str, code: Exit = Exit.WRONG_USE, kind: str = "config"
) -> HostileInput:
    return HostileInput(
        name=f"{kind}: {name}", give=give, command=command or ("check",), code=code, says=says
    )


def _more(text: str) -> Give:
    return change(_CONFIG, lambda data: data + b"\n" + text.encode())


CONFIGS: Final = (
    _row("a billion laughs", write(_CONFIG, _LAUGHS), "config.yaml:"),
    _row("an alias in itself", write(_CONFIG, "a: &a [*a, *a]"), "config.yaml:"),
    _row("a merge of itself", write(_CONFIG, "a: &a\n  <<: *a\n  b: 1\n"), "config.yaml:"),
    _row(
        "an object of Python", write(_CONFIG, "version: !!python/object/apply:os.system [x]"), "config.yaml:"
    ),
    _row("nested 100,000 deep", write(_CONFIG, "a: " + "[" * 100_000), "config.yaml:1:"),
    _row("a number of 200,000 digits", write(_CONFIG, "version: " + "9" * 200_000), "version"),
    _row("an exponent without end", write(_CONFIG, "version: 1.0e+99999999999"), "version"),
    _row("UTF-16", write(_CONFIG, "version: 1".encode("utf-16")), "config.yaml:1:1"),
    _row("NUL", write(_CONFIG, b"version: 1\0"), "config.yaml:1:"),
    _row("empty", write(_CONFIG, ""), "empty"),
    _row("keys twice", _more("version: 1\n"), "twice"),
    _row("100 MB", write(_CONFIG, b"a: 1\n", 2 * 10**7), "longer than"),
    _row("a folder", instead(_CONFIG, Path.mkdir), "config.yaml"),
    _row("a pipe", instead(_CONFIG, os.mkfifo), "config.yaml"),
    _row("a link to itself", instead(_CONFIG, lambda to: to.symlink_to(_CONFIG)), "config.yaml"),
    _row("a link to a device", instead(_CONFIG, lambda to: to.symlink_to("/dev/zero")), "config.yaml"),
)
#: Templates are code, and may take as long as they like (docs/bounds.md).
CONTENT: Final = tuple(
    _row(name, give, says, *command, code=code, kind="content")
    for name, give, says, command, code in (
        ("page no UTF-8", write("content/pages/a.md", b"# a\n\xff"), "a.md:2", ("check",), Exit.WRONG_USE),
        ("page a pipe", instead("content/pages/a.md", os.mkfifo), "a.md", ("check",), Exit.WRONG_USE),
        (
            "page a link outside",
            instead("content/pages/a.md", lambda to: to.symlink_to("/etc/passwd")),
            "a.md",
            ("check",),
            Exit.WRONG_USE,
        ),
        (
            "page a link to a device",
            instead("content/pages/a.md", lambda to: to.symlink_to("/dev/zero")),
            "a.md",
            ("render",),
            Exit.WRONG_USE,
        ),
        (
            "page of 500,000 brackets",
            write("content/pages/a.md", "[" * 500_000),
            "a.md",
            ("check",),
            Exit.WRONG_USE,
        ),
        (
            "page of 100 MB",
            write("content/pages/a.md", b"word ", 2 * 10**7),
            "a.md",
            ("check",),
            Exit.WRONG_USE,
        ),
        (
            "page of nested lists",
            write("content/pages/a.md", "1. " * 20_000 + "x"),
            "a.md",
            ("check",),
            Exit.WRONG_USE,
        ),
        ("template no UTF-8", write("templates/page.html", b"\xff"), "page.html", ("check",), Exit.WRONG_USE),
        (
            "template in itself",
            write("templates/page.html", "{% include 'page.html' %}"),
            "page.html",
            ("render",),
            Exit.WRONG_USE,
        ),
        (
            "template a pipe",
            instead("templates/page.html", os.mkfifo),
            "page.html",
            ("check",),
            Exit.WRONG_USE,
        ),
        (
            "templates nested deep",
            write("templates/page.html", "{% if a %}" * 3_000),
            "page.html",
            ("check",),
            Exit.WRONG_USE,
        ),
    )
)
