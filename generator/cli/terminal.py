"""What a person sees: results on stdout, progress and log on stderr, secrets nowhere."""

import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

MASK = "•••"
#: Seconds between two lines of progress where nobody watches bars.
EVERY_S = 60
#: What a job on GitHub takes for a command to it, wherever it comes from.
_COMMAND: Final = re.compile(r"^(\s*)::|##\[", re.MULTILINE)


@dataclass(slots=True)
class Terminal:
    """The only place that prints; replaces every secret by a mask."""

    quiet: bool = False
    verbose: bool = False  #: each step in a line of its own, at once
    secrets: tuple[str, ...] = ()
    warnings: list[str] = field(default_factory=list)
    summary: Path | None = None  #: file in Markdown that a job shows
    clock: Callable[[], float] = time.monotonic
    _said_s: float | None = None  #: when progress was last said in a line
    _progress: "Progress | None" = None
    _tasks: "dict[str, TaskID]" = field(default_factory=dict)

    def hide(self, secrets: Iterable[str]) -> None:
        """Never print these values again, longest first so that parts of others do not show."""
        self.secrets = tuple(sorted({secret for secret in secrets if secret}, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """Replace every secret in a text by the mask."""
        for secret in self.secrets:
            text = text.replace(secret, MASK)
        return text

    def result(self, text: str) -> None:
        """Print what the command was asked for."""
        click.echo(self.clean(text))

    def result_json(self, value: object) -> None:
        """Print what the command was asked for as JSON, from a value that msgspec can write."""
        import msgspec

        self.result(msgspec.json.format(msgspec.json.encode(value), indent=1).decode())

    def annotate(self, command: str) -> None:
        """Print a command to a job on GitHub, in one line; nothing else that is printed can be one."""
        click.echo(self.clean(command))

    def log(self, text: str) -> None:
        """Print one line about what is going on."""
        if not self.quiet:
            self._line(self.clean(text))

    def warn(self, text: str) -> None:
        """Print a warning and remember it: under --strict it decides the exit code."""
        self.warnings.append(self.clean(text))
        self._line(click.style("Warning: ", fg="yellow") + self.clean(text))

    def error(self, text: str) -> None:
        """Print why the command cannot go on."""
        self._line(click.style("Error: ", fg="red", bold=True) + self.clean(text))

    def _line(self, text: str) -> None:
        text = _COMMAND.sub(lambda found: found[0].replace("::", ": :").replace("##[", "# #["), text)
        if self._progress is not None:
            from rich.text import Text

            self._progress.console.print(Text.from_ansi(text))
        else:
            # no-color.org: any value but an empty one; Rich knows it, Click does not
            click.echo(text, err=True, color=False if os.environ.get("NO_COLOR") else None)

    @contextmanager
    def progress(self) -> Iterator[None]:
        """Show bars while the block runs, on a terminal; elsewhere `step` prints plain lines."""
        if self.quiet or self.verbose or not sys.stderr.isatty():
            yield
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn("{task.fields[source]:<18}"),
            BarColumn(bar_width=24),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            self._progress = bars
            try:
                yield
            finally:
                self._progress, self._tasks = None, {}

    def step(self, source: str, what: str, done: bool) -> None:  # noqa: FBT001 -- the callback's shape
        """Show what a source is doing; without bars in a line a minute, and when it has finished."""
        if self._progress is None:
            self._say_now_and_then(f"{source}: {what}", at_once=done)
            return
        if source not in self._tasks:
            self._tasks[source] = self._progress.add_task("", total=None, source=source)
        total = 1 if done else None
        self._progress.update(
            self._tasks[source], description=self.clean(what), total=total, completed=1 if done else 0
        )

    def advance(self, what: str, percent: int) -> None:
        """Show how far the one thing that a command does is; without bars in a line a minute."""
        if self._progress is None:
            self._say_now_and_then(f"{what}: {percent} %")
            return
        if what not in self._tasks:
            for earlier in self._tasks.values():
                self._progress.update(earlier, total=100, completed=100, source="looked at")
            self._tasks[what] = self._progress.add_task(what, total=None, source="looking")
        if percent:
            self._progress.update(self._tasks[what], total=100, completed=percent, source=f"{percent} %")

    def _say_now_and_then(self, line: str, *, at_once: bool = False) -> None:
        now = self.clock()
        self._said_s = now if self._said_s is None else self._said_s
        if at_once or self.verbose or now >= self._said_s + EVERY_S:
            self._said_s = now
            self.log(line)
