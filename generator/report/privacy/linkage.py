"""What a reader could still link: amounts and days of BTCPay rows, against the chain and against time.

From the log and the configuration alone. It looks at what is published already, so a setting that was
changed later does not make older rows look better than they are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec

from generator.config import Config, PrivacyConfig
from generator.ledger import Declaration, Entry
from generator.money import MSAT_PER_SAT
from generator.report.privacy.growth import steps
from generator.report.subjects import BTCPAY, speaker
from generator.snapshot import Known

CHAIN: Final = "BTC-CHAIN"
#: A project of fewer payments hides nobody, however its rows are cut.
FEW: Final = 20
ROW: Final = "rows"
SETTING: Final = "setting"
LIMITS: Final = (
    "Amounts on the Bitcoin chain are public whatever a report says; rounding and groups slow a search.",
    "Who paid knows the own row. Who runs the BTCPay server, and who reads its mail, knows every payment.",
    "The log is public and append-only: what it said once stays readable, also after a setting is changed.",
    "What other sites, donors or founders say about a payment is not in the log and not counted here.",
)


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """One way to link a published row with something outside of the report."""

    code: str
    kind: str  #: ``rows``: in what is published; ``setting``: in what the next run would publish
    project: str = ""  #: slug; empty where it concerns all
    count: int = 0  #: rows, payments or steps concerned
    of: int = 0  #: of so many
    observed: str
    advice: str
    keys: tuple[str, ...]  #: of config.yaml; none where only the job's schedule helps
    rows: tuple[str, ...] = ()  #: ids of the rows, as the ledger publishes them


class Linkage(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, what was found, and what cannot be found this way."""

    schema: int = 1
    as_of: datetime | None
    btcpay_rows: int
    btcpay_payments: int
    chain_rows: int  #: rows of Angor: public by protocol, nothing here concerns them
    exposures: tuple[Exposure, ...]
    limits: tuple[str, ...] = LIMITS


def linkage(known: Known, config: Config) -> Linkage:
    """Return what a reader of this log could still link, ordered by project within each kind of exposure."""
    entries = known.of(Entry)
    rows = [entry for entry in entries if speaker(entry.source) == BTCPAY]
    return Linkage(
        as_of=known.as_of,
        btcpay_rows=len(rows),
        btcpay_payments=sum(row.count for row in rows),
        chain_rows=len(entries) - len(rows),
        exposures=(
            *_on_chain(rows, config.privacy),
            *_alone(rows),
            *_small_groups(rows, config.privacy),
            *_small_projects(rows),
            *_declared(known.of(Declaration)),
            *_grown(known),
            *_settings(config),
        ),
    )


def _on_chain(rows: Sequence[Entry], privacy: PrivacyConfig) -> Iterator[Exposure]:
    """Yield rows of one payment whose exact amount stands on the chain, and in no other row."""
    unit = privacy.round_to_sats * MSAT_PER_SAT
    onchain = [row for row in rows if row.rail == CHAIN]
    amounts = Counter(row.amount_msat for row in onchain)
    for project, some in _by_project(onchain):
        found = [
            row
            for row in some
            if row.count == 1 and amounts[row.amount_msat] == 1 and not (unit and row.amount_msat % unit == 0)
        ]
        if found:
            yield Exposure(
                code="chain-amount",
                kind=ROW,
                project=project,
                count=len(found),
                of=len(some),
                observed=f"{len(found)} of {len(some)} on-chain rows are one payment of an amount that no "
                "other row has: the chain's outputs around that day can be searched for it",
                advice="let more payments share a row, or round rows",
                keys=("privacy.min_group", "privacy.round_to_sats"),
                rows=_ids(found),
            )


def _alone(rows: Sequence[Entry]) -> Iterator[Exposure]:
    for project, some in _by_project(rows):
        found = [row for row in some if row.count == 1]
        if found:
            yield Exposure(
                code="single-payment",
                kind=ROW,
                project=project,
                count=len(found),
                of=len(some),
                observed=f"{len(found)} of {len(some)} rows are one payment each: who knows the day somebody "
                "gave reads the amount, who knows the amount reads the day",
                advice="publish one row a day, and let more payments share it",
                keys=("privacy.rows", "privacy.min_group"),
                rows=_ids(found),
            )


def _small_groups(rows: Sequence[Entry], privacy: PrivacyConfig) -> Iterator[Exposure]:
    """Yield rows below the group's minimum: all that a month of creation had, or older than the setting."""
    for project, some in _by_project(rows):
        found = [row for row in some if 1 < row.count < privacy.min_group]
        if found:
            yield Exposure(
                code="small-group",
                kind=ROW,
                project=project,
                count=len(found),
                of=len(some),
                observed=f"{len(found)} of {len(some)} rows hold more than one payment and fewer than "
                f"{privacy.min_group}: their month had no more, or they are older than the setting",
                advice="nothing helps a month of few payments but a longer delay",
                keys=("privacy.min_group", "privacy.publish_delay_hours"),
                rows=_ids(found),
            )


def _small_projects(rows: Sequence[Entry]) -> Iterator[Exposure]:
    for project, some in _by_project(rows):
        payments = sum(row.count for row in some)
        if payments < FEW:
            yield Exposure(
                code="small-project",
                kind=ROW,
                project=project,
                count=payments,
                of=FEW,
                observed=f"{payments} {'payment' if payments == 1 else 'payments'} in all, fewer than {FEW}: "
                "its supporters stand in a small crowd, whatever the rows look like",
                advice="wait longer before payments are published, or leave the project out until it grows",
                keys=("privacy.publish_delay_hours", "projects"),
            )


def _declared(declarations: Sequence[Declaration]) -> Iterator[Exposure]:
    by_project: defaultdict[str, list[Declaration]] = defaultdict(list)
    for one in declarations:
        by_project[one.project].append(one)
    for project, some in sorted(by_project.items()):
        found = [one for one in some if one.count == 1]
        if found:
            yield Exposure(
                code="single-declaration",
                kind=ROW,
                project=project,
                count=len(found),
                of=len(some),
                observed=f"{len(found)} of {len(some)} declarations are one invoice each, with its exact "
                "amount and day: groups and rounding concern payments alone",
                advice="wait longer before they are published",
                keys=("privacy.publish_delay_hours",),
                rows=tuple(sorted(one.id for one in found)),
            )


def _grown(known: Known) -> Iterator[Exposure]:
    counts = Counter(step.project for step in steps(known))
    for project, count in sorted(counts.items()):
        yield Exposure(
            code="one-payment-steps",
            kind=ROW,
            project=project,
            count=count,
            of=len(known.runs),
            observed=f"{count} {'time' if count == 1 else 'times'} a run added one payment to a month's sum: "
            "the difference of two snapshots is that payment, to the millisatoshi, between two known times",
            advice="run the job less often, so that several payments come between two runs; neither "
            "rounding nor a delay helps, because sums stay exact",
            keys=(),
        )


def _settings(config: Config) -> Iterator[Exposure]:
    if not config.sources.btcpay:
        return
    privacy = config.privacy
    told = (
        (
            privacy.rows == "payment",
            "payment-rows",
            "each payment has a row of its own, with its day and exact rail",
            "publish one row a day",
            "privacy.rows",
        ),
        (
            privacy.rows == "day" and privacy.min_group == 1,
            "no-groups",
            "a day with one payment is a row of one payment",
            "let at least 5 payments share a row",
            "privacy.min_group",
        ),
        (
            privacy.round_to_sats == 0,
            "no-rounding",
            "rows are exact to the satoshi",
            "round them to 1000 satoshis or more; sums stay exact",
            "privacy.round_to_sats",
        ),
        (
            privacy.publish_delay_hours == 0,
            "no-delay",
            "a payment may be published minutes after it was made",
            "wait 24 hours or more",
            "privacy.publish_delay_hours",
        ),
    )
    for holds, code, observed, advice, key in told:
        if holds:
            yield Exposure(code=code, kind=SETTING, observed=observed, advice=advice, keys=(key,))


def _by_project(rows: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for row in rows:
        found[row.project].append(row)
    return sorted(found.items())


def _ids(rows: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(sorted(row.id for row in rows))
