"""What an issue says, in Markdown; words of others stand as code, so that they name and link nobody."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import msgspec

from generator.alerts.issue import IssueKey, saying
from generator.alerts.outage import Outage
from generator.markdown_text import code_text
from generator.snapshot import Outcome
from generator.text_format import age_text, counted, time_text

#: Letters of a message of a source that an issue repeats.
_MESSAGE: Final = 2_000
_TITLES: Final[Mapping[Outcome, str]] = {
    Outcome.UNAVAILABLE: "cannot be read",
    Outcome.INVALID: "answers with something that cannot be used",
    Outcome.REFUSED: "reports a change that is not believed",
}
#: What to do about a failure of a kind.
STEPS: Final[Mapping[Outcome, str]] = {
    Outcome.UNAVAILABLE: (
        "Is the server up, and does it know the key? What it said, above, tells which. Mend that; "
        "`sunlit doctor` asks it at once. The next run reads what was missed."
    ),
    Outcome.INVALID: (
        "Was the server updated, or does a login page or a proxy stand before it? `sunlit doctor` asks it at "
        "once. If it is right and Sunlit is not, tell the makers of Sunlit."
    ),
    Outcome.REFUSED: (
        "Look at the artifact `quarantine` of the last run. If the change is right, run the workflow by hand "
        "with `accept_drop`: the id that stands after `--accept-drop` above, a space, and the reason, which "
        "is published."
    ),
}
_FOOT: Final = (
    "This text is written anew by the runs, and the issue is closed when the source answers again. Close it "
    "yourself, and it stays closed until then."
)


class RepositoryLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Links into the repository in which a report stands."""

    url: str  #: of the repository
    lines: Mapping[str, int] = msgspec.field(default_factory=dict)  #: source → its line in config.yaml

    def of(self, source: str) -> str:
        """Return links to the runs, and to the line of config.yaml that a source has."""
        runs = f"[runs]({self.url}/actions)"
        line = self.lines.get(source)
        return (
            runs
            if line is None
            else f"[config.yaml, line {line}]({self.url}/blob/HEAD/config.yaml#L{line}) · {runs}"
        )


def title(outage: Outage) -> str:
    """Return the title of a new issue."""
    return f"{outage.label} {_TITLES[outage.kind]}"


def body(outage: Outage, key: IssueKey, links: RepositoryLinks, earlier: int | None) -> str:
    """Return the text of an issue about an outage that lasts."""
    rows = [
        ("since", time_text(outage.since)),
        ("runs that failed since, of those recorded", str(outage.failed)),
        ("last good answer", time_text(outage.good_at) if outage.good_at else "never"),
        ("its numbers", _numbers(outage)),
        ("what the last run met", code_text(outage.message, _MESSAGE)),
    ]
    parts = [
        str(key),
        f"**{title(outage)}.**",
        "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]),
        f"**What to do.** {STEPS[outage.kind]}",
        links.of(outage.source) + (f" · earlier: #{earlier}" if earlier else ""),
        _FOOT,
    ]
    return "\n\n".join(parts)


def _numbers(outage: Outage) -> str:
    if outage.age is None:
        return "none yet: they are missing, not zero"
    stale = ", and shown as stale" if outage.stale else ", shown with their age"
    return f"{age_text(outage.age)} old{stale}"


def rest_body(rest: Sequence[Outage], key: IssueKey, links: RepositoryLinks) -> str:
    """Return the text of the issue that lists the outages without one of their own."""
    rows = [f"- {title(outage)}, since {time_text(outage.since)}" for outage in rest]
    return "\n\n".join([str(key), f"**{rest_title(rest)}.**", "\n".join(rows), links.of(""), _FOOT])


def rest_title(rest: Sequence[Outage]) -> str:
    """Return the title of that issue."""
    return f"{counted(len(rest), 'further source')} cannot be read"


def worse(outage: Outage, before: IssueKey) -> tuple[str, str]:
    """Return the name and the text of a comment on an outage that became worse."""
    kind = outage.kind is not before.kind
    told = [f"Worse: {title(outage)}."] if kind else []
    if stale := outage.stale and not before.stale:
        told.append(f"Its numbers are {_numbers(outage)}.")
    name = "-".join(["worse", *([str(outage.kind)] if kind else []), *(["stale"] if stale else [])])
    return (
        name,
        f"{saying(name)}\n{' '.join(told)} What the last run met: {code_text(outage.message, _MESSAGE)}",
    )


def recovered(after: timedelta) -> tuple[str, str]:
    """Return the name and the text of the comment on an outage that ended."""
    return "ended", f"{saying('ended')}\nIt answers again, after {age_text(after)}."


def closed_body(before: str, key: IssueKey, why: str) -> str:
    """Return the text of an issue when it is closed: as it was, under its end."""
    _, _, rest = before.partition("\n")
    return f"{key}\n\n**{why}**\n\n{rest.strip()}"
