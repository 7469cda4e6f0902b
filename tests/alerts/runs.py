"""Runs of a small report with two sources, and GitHub's issues as a list, for the tests of alerts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from generator.alerts import Action, Deed, Issue, RepositoryLinks, plan, read_issue, said_in
from generator.config import Config, parse
from generator.places import store_source
from generator.snapshot import Asked, Outcome, Run, run_id

STORE = "9xA1"
PAY, RATES = store_source(STORE), "rates"
PLACE = RepositoryLinks(url="https://github.com/village/report", lines={PAY: 12})
START = datetime(2026, 3, 1, tzinfo=UTC)
#: Hours between two runs.
EVERY = 6
MESSAGES = {
    Outcome.OK: "",
    Outcome.UNAVAILABLE: "pay.example.org: cannot connect; the next run asks again",
    Outcome.INVALID: "pay.example.org sent JSON of another shape",
    Outcome.REFUSED: "confirmed money fell. Look at the quarantine; --accept-drop ab12 --reason …",
}
OK, DOWN, ODD, REFUSED = Outcome.OK, Outcome.UNAVAILABLE, Outcome.INVALID, Outcome.REFUSED


def config(alerts: str = "") -> Config:
    return parse(f"""
version: 1
site: {{title: Village, base_url: "https://village.github.io/report"}}
network: main
units: {{fiat: EUR}}
sources:
  btcpay:
    - {{id: pay, url: "https://pay.example.org", token_env: BTCPAY_TOKEN, stores: ["{STORE}"]}}
  rates: {{provider: btcpay, server: pay, store: "{STORE}"}}
projects: [{{slug: well, btcpay: {{source: pay, store: "{STORE}"}}}}]
{alerts}
""")


def run(number: int, pay: Outcome, rates: Outcome = OK, message: str | None = None) -> Run:
    at = START + timedelta(hours=EVERY * number)
    said = {PAY: MESSAGES[pay] if message is None else message, RATES: MESSAGES[rates]}
    asked = tuple(
        Asked(source=source, outcome=outcome, message=said[source])
        for source, outcome in ((PAY, pay), (RATES, rates))
    )
    return Run(id=run_id(at, str(number)), source="runs", at=at, network="main", asked=asked)


def runs(*outcomes: Outcome) -> list[Run]:
    return [run(number, outcome) for number, outcome in enumerate(outcomes)]


@dataclass
class Board:
    """Issues as a list: what GitHub would have after the calls that reached it."""

    rows: list[dict[str, object]] = field(default_factory=list)
    comments: dict[int, list[str]] = field(default_factory=dict)
    opened: int = 0

    def issues(self) -> list[Issue]:
        found = (
            read_issue(number, str(row["body"]), is_open=bool(row["open"]))
            for number, row in enumerate(self.rows, 1)
        )
        return [
            Issue(
                number=issue.number,
                key=issue.key,
                open=issue.open,
                body=issue.body,
                said=said_in(self.comments.get(issue.number, ())),
            )
            for issue in found
            if issue is not None
        ]

    def take(self, actions: Iterable[Action]) -> None:
        for action in actions:
            row = self.rows[action.number - 1] if action.number else {}
            match action.deed:
                case Deed.OPEN:
                    self.rows.append({"title": action.title, "body": action.body, "open": True})
                    self.opened += 1
                case Deed.COMMENT:
                    self.comments.setdefault(action.number or 0, []).append(action.body)
                case Deed.UPDATE:
                    row["body"] = action.body
                case Deed.CLOSE:
                    row |= {"body": action.body, "open": False}

    def look(self, recorded: Sequence[Run], config: Config) -> list[Action]:
        """Do what is due; return it."""
        actions = plan(recorded, config, self.issues(), PLACE)
        self.take(actions)
        return actions
