"""An issue as GitHub has it, known again by the first line of its body: people may edit its title."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec

from generator.snapshot import Outcome

LABEL: Final = "sunlit"
#: Source of the issue that lists what has none of its own.
REST: Final = "*"
_KEY: Final = re.compile(
    r"\A<!-- sunlit:alert v1 source=(\S+) class=(\w+) since=(\S+) stale=(yes|no)( ended)? -->", re.ASCII
)
_SAID: Final = re.compile(r"\A<!-- sunlit:said ([\w-]+) -->", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueKey:
    """What an issue is about, and how bad it was when that was last written."""

    source: str
    kind: Outcome
    since: str  #: id of the first run of the outage
    stale: bool = False
    ended: bool = False  #: we closed it: whoever opens it again wants it open

    def __str__(self) -> str:
        """Write it as the line that `read_key` reads."""
        stale, ended = "yes" if self.stale else "no", " ended" if self.ended else ""
        return (
            f"<!-- sunlit:alert v1 source={self.source} class={self.kind} "
            f"since={self.since} stale={stale}{ended} -->"
        )


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """One issue that an earlier run opened."""

    number: int
    key: IssueKey
    open: bool
    body: str
    said: frozenset[str] = frozenset()  #: what our comments below it have told already


def read_issue(number: int, body: str, *, is_open: bool) -> Issue | None:
    """Return an issue of ours, None for one of somebody else."""
    body = plain_lines(body)
    found = _KEY.match(body)
    try:
        key = found and IssueKey(
            source=found[1],
            kind=Outcome(found[2]),
            since=found[3],
            stale=found[4] == "yes",
            ended=found[5] is not None,
        )
    except ValueError:  # a class that no version of ours writes
        return None
    return Issue(number=number, key=key, open=is_open, body=body) if key else None


def said_in(comments: Iterable[str]) -> frozenset[str]:
    """Return what comments of ours tell, by the first line of each."""
    return frozenset(found[1] for text in comments if (found := _SAID.match(plain_lines(text))))


def saying(name: str) -> str:
    """Return the first line of a comment that `said_in` knows again."""
    return f"<!-- sunlit:said {name} -->"


def plain_lines(text: str) -> str:
    """Return a text as we send it: GitHub's editor writes other line ends."""
    return text.replace("\r\n", "\n").rstrip("\n")
