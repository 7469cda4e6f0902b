"""What holds within one record, whoever says it: kinds, checks, worths and times that can be; pure."""

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from generator.addresses import without_login
from generator.config import Config
from generator.ledger import Declaration, Entry, Kind, OtherMoney
from generator.number_bounds import LAST_YEAR
from generator.places import BTCPAY, REST
from generator.protocol.proof.header_rules import rules_of
from generator.report.source_names import source_kind
from generator.snapshot import (
    Attributed,
    Finding,
    Line,
    OwnNumber,
    Project,
    ProjectPicture,
    Rate,
    Record,
    Redaction,
    Run,
)
from generator.snapshot.batch import Batch
from generator.snapshot.clock import SERVER_CLOCK
from generator.snapshot.finding import CHECKS, HEADER_AGREEMENT
from generator.snapshot.redaction import WORDS
from generator.webp import bytes_of

#: Kinds of movement that a BTCPay server knows; all others are on the chain.
SERVED: Final = frozenset({Kind.PAYMENT, Kind.REFUND, Kind.PAYOUT})
#: Checks that are about no place.
_PLACELESS: Final = frozenset({HEADER_AGREEMENT, "rate-plausible", "accepted-drop", "rekeyed", SERVER_CLOCK})
#: How far a block's time, or a server's clock, may be ahead of ours (consensus: two hours).
_AHEAD: Final = timedelta(hours=2)
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: How far the moment of a price may be from its day.
_OF_ITS_DAY: Final = timedelta(hours=48)


def broken_rules(line: Line, places: Collection[str], config: Config) -> Iterator[str]:
    """Yield what cannot be; `places` are those of which more is recorded than findings."""
    record = line.record
    match record:
        case Entry() if source_kind(record.source) == BTCPAY:
            yield from _of_row(record)
        case OtherMoney(kind=kind) if kind not in SERVED:
            yield f"{kind} is no movement at a server"
        case Project():
            yield from _of_project(record)
        case Finding():
            yield from _of_finding(record, places)
        case Rate():
            yield from _of_rate(record)
        case ProjectPicture():
            yield from _of_picture(record, places)
        case Redaction(words=words) if not set(words) <= set(WORDS):
            yield f"takes down {', '.join(words)}, which are no words of a project"
        case Run():
            yield from _of_run(record, config)
        case _:
            pass
    yield from _ahead(record, line.run)


def _of_row(row: Entry) -> Iterator[str]:
    if row.kind not in SERVED:
        yield f"{row.kind} is on the chain, and a server tells nothing of that"
    if row.purpose and row.kind is Kind.PAYMENT:
        yield f"purpose is {row.purpose!r}, which only money out has"
    if row.rails and row.rail != "mixed":
        yield f"rails are {', '.join(row.rails)}, and its one rail is {row.rail}"
    if not _MONTH.fullmatch(row.created_month):
        yield f"created_month is {row.created_month!r}, expected a month such as 2026-03"
    parts = row.at_receipt
    if len({part.currency for part in parts}) < len(parts) or not all(part.currency for part in parts):
        yield "at_receipt names a currency twice, or none"
    valued_msat = sum(part.amount_msat for part in parts)
    if valued_msat > row.amount_msat or any(part.amount_msat <= 0 or part.value < 0 for part in parts):
        yield f"at_receipt values {valued_msat} msat of {row.amount_msat} msat"


def _of_finding(finding: Finding, places: Collection[str]) -> Iterator[str]:
    if finding.check not in CHECKS[source_kind(finding.source)]:
        yield "no such check is made of this source"
    elif not finding.place:
        if finding.check not in _PLACELESS:
            yield "it is about no place"
    elif finding.place not in places:
        yield f"nothing else is recorded of {finding.place}"


def _of_project(project: Project) -> Iterator[str]:
    if without_login(project.picture) != project.picture:
        yield "the address of its picture holds a name or password"
    part = project.id.partition("/")[2].partition(":")[0]
    if source_kind(project.source) == BTCPAY and project.kind != ("store" if part == REST else part):
        yield f"kind is {project.kind}, which its place is not"


def _of_picture(picture: ProjectPicture, places: Collection[str]) -> Iterator[str]:
    if picture.id not in places:
        yield f"nothing else is recorded of {picture.id}"
    if without_login(picture.address) != picture.address:
        yield "its address holds a name or password"
    if bool(picture.webp) == bool(picture.reason) or (picture.webp and not picture.address):
        yield "it has neither or both of a picture and a reason why there is none"
    try:
        if picture.webp:
            bytes_of(picture.webp)
    except ValueError as error:
        yield f"its picture is {error}"


def _of_rate(rate: Rate) -> Iterator[str]:
    noon = _time_in(f"{rate.day}T120000Z", "%Y-%m-%dT%H%M%SZ") if _DAY.fullmatch(rate.day) else None
    if noon is None or rate.price <= 0 or not rate.provider:
        yield f"{rate.price} on {rate.day} by {rate.provider or 'nobody'} is no price of a day"
    elif rate.at is not None and abs(rate.at - noon) > _OF_ITS_DAY:
        yield f"its moment {rate.at:%Y-%m-%d %H:%M} is not of its day"


def _time_in(text: str, form: str) -> datetime | None:
    """Return the time that a text states; None for one that states none, such as a 31st of February."""
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None


def _of_run(run: Run, config: Config) -> Iterator[str]:
    if run.network != config.network:
        yield f"network is {run.network!r}, the configuration's is {config.network!r}"
    names = [asked.source for asked in run.asked]
    if len(set(names)) < len(names):
        yield "it asked a source twice"
    for name in names:
        try:
            source_kind(name)
        except ValueError as error:
            yield str(error)
    if problem := tip_problem(run):
        yield problem


def tip_problem(run: Run | Batch) -> str:
    """Return why the tip that a run was told is higher than a chain can be, empty where it can."""
    highest = rules_of(run.network).highest(int(run.at.timestamp()))
    if highest is None or run.tip_height is None or run.tip_height <= highest:
        return ""
    return f"tip_height is {run.tip_height}, and no block was higher than {highest} by then"


def _ahead(record: Record, run: str) -> Iterator[str]:
    """Yield what a run says of a time after itself."""
    began = _time_in(run[:16], "%Y%m%dT%H%M%SZ")
    if began is None or began.year > LAST_YEAR:
        yield f"its run {run!r} states no time in its id"
        return
    latest = began + _AHEAD
    told: datetime | str = ""
    match record:
        case Entry(at=at) | Run(at=at):
            told = at
        case Declaration(day=day) | Rate(day=day):
            told = day
        case OtherMoney(created_month=month) | OwnNumber(created_month=month):
            told = month
        case Attributed(created_month=month):
            told = month
        case _:
            pass
    if (f"{latest:%Y-%m-%d}"[: len(told)] < told) if isinstance(told, str) else told > latest:
        yield f"it is of {told}, after its own run"
