"""What a job on GitHub shows of a command: its summary, and annotations beside lines of files."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from generator.cli.terminal import Terminal
from generator.errors import ConfigError, NothingPublishable, Problem
from generator.text_format import in_line

#: Bytes of a summary: beyond 1 MiB a step GitHub shows nothing, and a script adds a few lines of its own.
MOST: Final = 1_000_000
#: Annotations of a kind that GitHub shows of one step.
SHOWN: Final = 10
#: Stands for the repository in links, which only the job knows.
CONFIG_LINK: Final = "](config.yaml#L"
_CUT: Final = "\n\nThe rest is cut here: GitHub shows no longer summary. The log of the job has it.\n"


def add_summary(terminal: Terminal, text: str) -> None:
    """Append to the summary of this step, if there is one, as much as GitHub shows; a disk may refuse it."""
    if terminal.summary is None:
        return
    data = terminal.clean(_linked(text, os.environ)).encode()
    try:
        with terminal.summary.open("ab") as file:
            room = MOST - file.tell()
            if len(data) > room:
                end = max(0, room - len(_CUT.encode()))
                data = data[:end].rpartition(b"\n")[0] + _CUT.encode() if end else b""
            file.write(data)
    except OSError as error:
        terminal.log(f"The summary {terminal.summary} cannot be written ({error.strerror}).")


def tell_stop(terminal: Terminal, error: Exception, sentences: Sequence[str]) -> None:
    """Say in summary and annotations why a command stopped, all of it."""
    problems = error.problems if isinstance(error, ConfigError) else ()
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in annotations(problems):
            terminal.annotate(line)
    what = "Sunlit stopped: nothing is published, and what was published stands"
    if isinstance(error, NothingPublishable):
        what = "Sunlit has nothing to publish; what was published stands"
    items = map(_item, problems) if problems else (f"- {in_line(sentence)}" for sentence in sentences)
    add_summary(terminal, "\n".join([f"## {what}", "", *items, "", ""]))


def tell_problems(terminal: Terminal, problems: Sequence[Problem]) -> None:
    """Say in the summary what a check found, errors before warnings."""
    if problems:
        items = map(_item, sorted(problems, key=lambda problem: problem.severity))
        add_summary(terminal, "\n".join(["## What `sunlit check` found", "", *items, "", ""]))


def _item(problem: Problem) -> str:
    place = f"{problem.file}, line {problem.line}"
    if problem.file == "config.yaml":
        place = f"[{place}{CONFIG_LINK}{problem.line})"
    mark = "warning, " if problem.severity == "warning" else ""
    return f"- {mark}{place}: {in_line(problem.message)}"


def _linked(text: str, environment: Mapping[str, str]) -> str:
    """Let links to config.yaml lead into the commit that the job runs on."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")
    server, repository, commit = (environment.get(name, "") for name in names)
    if not (server and repository and commit):
        return text
    return text.replace(CONFIG_LINK, f"]({server}/{repository}/blob/{commit}/config.yaml#L")


def annotations(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield a workflow command for each problem; of more than GitHub shows, the last tells how many more."""
    by_kind: dict[str, list[Problem]] = {}
    for problem in problems:
        by_kind.setdefault(problem.severity, []).append(problem)
    for kind, found in by_kind.items():
        whole = len(found) <= SHOWN
        for problem in found if whole else found[: SHOWN - 1]:
            place = f"file={_property(problem.file)},line={problem.line},col={problem.column}"
            yield f"::{kind} {place}::{_escaped(problem.message)}"
        if not whole:
            more = len(found) - SHOWN + 1
            yield f"::{kind} file={_property(found[0].file)}::and {more} more: `sunlit check` prints them all"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return re.sub("[:,]", lambda found: f"%{ord(found[0]):02X}", _escaped(text))
