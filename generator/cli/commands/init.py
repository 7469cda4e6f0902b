"""`sunlit init`: the files of a new report."""

import difflib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from generator.cli.terminal import Terminal

if TYPE_CHECKING:
    from generator.scaffold import Home

_T = TypeVar("_T")


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", help="Title of the report. [default: name of the folder]")
@click.option("--repository", metavar="OWNER/NAME", help="On GitHub. [default: where git's origin leads]")
@click.option("--btcpay", metavar="ADDRESS", help="Page of a BTCPay store, as the browser shows its address.")
@click.option("--angor", metavar="IDS", help="Identifiers of Angor projects, with blanks between, or all.")
@click.option(
    "--sunlit",
    metavar="OWNER/NAME@REF",
    help="Repository whose workflow is called, such as a fork of Sunlit. [default: that of this Sunlit]",
)
@click.option("-y", "--yes", is_flag=True, help="Ask nothing: what no option says is left for later.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.pass_obj
def init(  # noqa: PLR0913 -- one parameter for each option
    terminal: Terminal,
    *,
    folder: Path,
    title: str | None,
    repository: str | None,
    btcpay: str | None,
    angor: str | None,
    sunlit: str | None,
    yes: bool,
    dry_run: bool,
) -> None:
    """Begin a report in DIR: a configuration, a workflow for GitHub, and what to do next.

    Asks at most four questions; without a terminal none. A file that is there is never changed: what would
    stand in it is printed instead. `sunlit check` and `sunlit build` work at once.
    """
    from generator.scaffold import Beginning, scaffold_files

    ask = not yes and sys.stdin.isatty()
    named = _answer(ask, title, "Title of the report", folder.resolve().name, _title)
    at = _answer(
        ask, repository, "GitHub repository, owner/name (Enter: later)", _origin(folder), _repository
    )
    server, store = _answer(ask, btcpay, "Address of a BTCPay store's page (Enter: none)", "", _store)
    projects = _answer(ask, angor, "Identifiers of Angor projects, or all (Enter: none)", "", _angor)
    every = [word.lower() for word in projects] == ["all"]
    beginning = Beginning(
        title=named,
        repository=at,
        server=server,
        store=store,
        angor=() if every else tuple(projects),
        every_project=every,
    )
    home = _home(sunlit)
    _write(terminal, folder, scaffold_files(beginning, home), dry_run=dry_run)
    if not home.known and _lacks_owner(folder):
        terminal.warn(
            "This Sunlit is older than its first release and does not know its repository on GitHub: "
            "write in place of OWNER in .github/workflows/publish.yml whose it is, or begin with "
            "--sunlit OWNER/NAME@REF."
        )


def _answer(ask: bool, given: str | None, question: str, default: str, read: Callable[[str], _T]) -> _T:  # noqa: FBT001 -- passed by one caller
    """Return what an option said, else what the person says, else the default; ask again for a slip."""
    if given is not None or not ask:
        try:
            return read(default if given is None else given.strip())
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    while True:
        try:
            return read(click.prompt(question, default=default, show_default=bool(default), err=True).strip())
        except ValueError as error:
            click.echo(f"{error}", err=True)


def _home(text: str | None) -> "Home":
    """Return what an option said, else where this package came from."""
    from importlib.metadata import PackageNotFoundError, distribution

    from generator.scaffold import home_in, installed_from

    if text is not None:
        try:
            return home_in(text)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    try:
        file_of = distribution("sunlit").read_text
        return installed_from(file_of("direct_url.json"))
    except PackageNotFoundError:  # a copy of the source that nobody installed
        return installed_from(None)


def _title(text: str) -> str:
    _refuse_misfits(title=text)
    return text


def _repository(text: str) -> str:
    from pydantic import TypeAdapter, ValidationError

    from generator.config.recognised import repository_in, repository_slip
    from generator.config.value_types import Repository

    found = repository_in(text) or text
    try:
        return TypeAdapter(Repository).validate_python(found) if found else ""
    except ValidationError:
        msg = f"{text!r} is no repository's name: {repository_slip(text)}"
        raise ValueError(msg) from None


def _store(text: str) -> tuple[str, str]:
    from generator.scaffold import store_in

    server, store = store_in(text) if text else ("", "")
    _refuse_misfits(server=server, store=store)
    return server, store


def _angor(text: str) -> list[str]:
    words = text.split()
    if [word.lower() for word in words] != ["all"]:
        _refuse_misfits(angor=tuple(words))
    return words


def _refuse_misfits(
    *, title: str = "x", server: str = "", store: str = "", angor: tuple[str, ...] = ()
) -> None:
    """Raise `ValueError` for an answer that no configuration may hold."""
    from generator import config
    from generator.errors import ConfigError
    from generator.scaffold import Beginning, scaffold_files

    made = Beginning(title=title, server=server, store=store, angor=angor)
    try:
        config.parse(scaffold_files(made)["config.yaml"].decode())
    except ConfigError as error:
        raise ValueError("; ".join(problem.message for problem in error.problems)) from None


def _origin(folder: Path) -> str:
    """Return the repository of GitHub that git's origin leads to, empty if none is known."""
    from generator.config.recognised import repository_in

    try:
        found = subprocess.run(
            ["git", "config", "--get", "remote.origin.url"],  # noqa: S607 -- git comes from PATH
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:  # no git, or no folder yet
        return ""
    return repository_in(found.stdout.strip()) or ""


def _write(terminal: Terminal, folder: Path, files: dict[str, bytes], *, dry_run: bool) -> None:
    """Write what is not there; say first what is, and print how each file that differs would look."""
    from generator.atomic import write_whole

    there = [name for name in files if (folder / name).exists()]
    if there:
        same = all((folder / name).read_bytes() == files[name] for name in there)
        terminal.result(_found(folder, there, len(files), same=same))
    would = "would write" if dry_run else "wrote"
    for name, data in files.items():
        path = folder / name
        if name not in there:
            if not dry_run:
                write_whole(path, [data])
            terminal.result(f"{would} {path.as_posix()}")
        elif (standing := path.read_bytes()) != data:
            terminal.result(f"kept {path.as_posix()}; one of a new report differs in:")
            terminal.result(_difference(name, standing, data))
    if len(there) < len(files) and not dry_run:
        first = "" if folder.resolve() == Path.cwd() else f"`cd {folder.as_posix()}`, "
        terminal.log(f"Next: {first}read README.md there, and run `sunlit check`.")


def _lacks_owner(folder: Path) -> bool:
    """Tell whether the workflow still waits for the name of an account."""
    workflow = folder / ".github/workflows/publish.yml"
    return not workflow.exists() or b"uses: OWNER/" in workflow.read_bytes()


def _found(folder: Path, there: list[str], count: int, *, same: bool) -> str:
    """Say what is there and stays, and what to do for another outcome."""
    named = ", ".join(there)
    below = "as a new report has them" if same else "below, lines with + are what a new report has instead"
    what = f"all {count} files of a report" if len(there) == count else f"{len(there)} of the {count} files"
    return (
        f"{folder.resolve().name}: {what} are there already and were not changed ({named}): {below}.\n"
        "To go on with this report: `sunlit check`. To have a file made anew: move it away and run "
        "`sunlit init` again. For another report: `sunlit init DIR`, with a folder of its own."
    )


def _difference(name: str, standing: bytes, wanted: bytes) -> str:
    before, after = (data.decode(errors="replace").splitlines() for data in (standing, wanted))
    return "\n".join(difflib.unified_diff(before, after, name, f"{name} of a new report", lineterm="", n=1))
