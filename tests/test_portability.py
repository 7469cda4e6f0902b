"""The product runs on Linux, macOS and Windows: what one system alone has stands behind a look at the system.

A use of a module or name that Windows lacks is allowed in a function that asks `sys.platform`, or `hasattr`,
or that takes an `ImportError` for an answer. Files are written as bytes, or with their line ends said.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.support.paths import ROOT

POSIX_MODULES = frozenset(
    {"crypt", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
)
_OS = (
    "O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NONBLOCK chown fchmod fork forkpty getegid geteuid getgid getloadavg "
    "getpgid getuid killpg mkfifo nice pread pwrite sched_getaffinity setsid statvfs sysconf uname wait wait3"
)
POSIX_NAMES = {
    "os": frozenset(_OS.split()),
    "signal": frozenset({"SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGQUIT", "SIGUSR1", "alarm", "pause"}),
    "socket": frozenset({"AF_UNIX", "SO_REUSEPORT"}),
}
FILES = sorted((ROOT / "generator").rglob("*.py"))  # scripts of .github run on one system


def guarded(node: ast.AST) -> bool:
    """Tell whether code asks what system it runs on."""
    text = ast.unparse(node)
    return any(
        look in text for look in ("sys.platform", "hasattr(", "except ImportError", "if TYPE_CHECKING")
    )


def posix_uses(tree: ast.Module) -> Iterator[str]:
    """Yield what of a module Windows lacks, and no look at the system stands before."""
    functions = [
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    for part in [*functions, *(node for node in tree.body if node not in functions)]:
        if (uses := list(uses_in(part))) and not guarded(part):
            yield from uses


def uses_in(part: ast.stmt) -> Iterator[str]:
    """Yield what of a part of a module Windows lacks."""
    for node in ast.walk(part):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names if alias.name in POSIX_MODULES)
            case ast.ImportFrom(module=str(module)) if module in POSIX_MODULES:
                yield module
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if name in POSIX_NAMES.get(owner, ()):
                yield f"{owner}.{name}"


def system_texts(tree: ast.Module) -> Iterator[str]:
    """Yield calls that read or write text as the system does, whose encoding and line ends differ."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        said = {keyword.arg for keyword in node.keywords}
        modes = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if name == "read_text" and "encoding" not in said:
            yield "read_text without encoding"
        elif name == "write_text" and not {"encoding", "newline"} <= said:
            yield "write_text without encoding and newline"
        elif (
            name == "open"
            and any(mode in {"w", "a", "x", "w+", "r+"} for mode in modes)
            and "newline" not in said
        ):
            yield "open for text without newline"


@pytest.mark.slow
@pytest.mark.parametrize("finder", [posix_uses, system_texts])
def test_no_module_needs_one_system(finder: object) -> None:
    assert callable(finder)
    assert len(FILES) > 300
    found = {
        f"{path.relative_to(ROOT)}: {use}"
        for path in FILES
        for use in finder(ast.parse(path.read_text("utf-8")))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import fcntl", ["fcntl"]),
        ("from resource import getrlimit", ["resource"]),
        ("def f():\n import os\n return os.fork()", ["os.fork"]),
        ("import signal\nsignal.signal(signal.SIGALRM, f)", ["signal.SIGALRM"]),
        ("def f():\n if sys.platform != 'win32':\n  import fcntl", []),
        ("def f():\n try:\n  import resource\n except ImportError:\n  return None", []),
        ("def f():\n return os.sched_getaffinity(0) if hasattr(os, 'sched_getaffinity') else 1", []),
    ],
)
def test_the_search_finds_what_it_looks_for(text: str, found: list[str]) -> None:
    assert list(posix_uses(ast.parse(text))) == found


def test_texts_of_the_system_are_found() -> None:
    calls = ["p.write_text(x, encoding='utf-8')", "p.read_text()", "open(f, 'w')", "p.open('a', newline='')"]
    assert list(system_texts(ast.parse("\n".join(calls)))) == [
        "write_text without encoding and newline",
        "read_text without encoding",
        "open for text without newline",
    ]
