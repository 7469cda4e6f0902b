"""What a reader could still link: amounts and days of BTCPay rows, against the chain and against time.

From the log and the configuration alone. It looks at what is published already, so a setting that was
changed later does not make older rows look better than they are.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, TypeVar

import msgspec

from generator.config import Config, PrivacyConfig
from generator.ledger import Declaration, Entry
from generator.money import MSAT_PER_SAT
from generator.report.place_owners import PlaceOwners
from generator.report.privacy.differencing import exposed_payments
from generator.report.source_names import BTCPAY, source_kind
from generator.snapshot import Known

Row = TypeVar("Row", Entry, Declaration)

ROW: Final = "rows"
SETTING: Final = "setting"
CHAIN: Final = "BTC-CHAIN"
#: A project of fewer payments hides nobody, however its rows are cut.
FEW: Final = 20
LIMITS: Final = (
    "Amounts on the Bitcoin chain are public whatever a report says; rounding and groups slow a search.",
    "Who paid knows the own row. Who runs the BTCPay server, and who reads its mail, knows every payment.",
    "The log is public and append-only: what it said once stays readable, also after a setting is changed.",
    "What other sites, donors or founders say about a payment is not in the log and not counted here.",
)


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """What could be linked, as far as it was observed, and what helps against it."""

    code: str
    kind: str  #: ``rows``: in what is published; ``setting``: in what the next run would publish
    project: str = ""  #: slug, or the place where it is no project's; empty where it concerns all
    count: int = 0  #: rows, payments or steps concerned
    of: int = 0  #: of so many
    observed: str
    advice: str
    keys: tuple[str, ...]  #: of config.yaml; none where only the job's schedule helps
    rows: tuple[str, ...] = ()  #: ids of the rows, as the ledger publishes them


CHAIN_AMOUNT: Final = Exposure(
    code="chain-amount",
    kind=ROW,
    observed="on-chain rows are one payment of an amount that no other row has: the chain's outputs around "
    "that day can be searched for it",
    advice="let more payments share a row, or round rows",
    keys=("privacy.min_group", "privacy.round_to_sats"),
)
SINGLE_PAYMENT: Final = Exposure(
    code="single-payment",
    kind=ROW,
    observed="rows are one payment each: who knows the day somebody gave reads the amount, who knows the "
    "amount reads the day",
    advice="publish one row a day, and let more payments share it",
    keys=("privacy.rows", "privacy.min_group"),
)
SINGLE_DECLARATION: Final = Exposure(
    code="single-declaration",
    kind=ROW,
    observed="declarations are one invoice each, with its exact amount and day: groups and rounding concern "
    "payments alone",
    advice="wait longer before they are published",
    keys=("privacy.publish_delay_hours",),
)


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
    entries, least, owners = known.of(Entry), config.privacy.min_group, PlaceOwners.of(config)
    rows = [entry for entry in entries if source_kind(entry.source) == BTCPAY]
    onchain = [row for row in rows if row.rail == CHAIN]
    return Linkage(
        as_of=known.as_of,
        btcpay_rows=len(rows),
        btcpay_payments=sum(row.count for row in rows),
        chain_rows=len(entries) - len(rows),
        exposures=(
            *_of_rows(owners, CHAIN_AMOUNT, onchain, _unique(onchain, config.privacy)),
            *_of_rows(owners, SINGLE_PAYMENT, rows, lambda row: row.count == 1),
            *_of_rows(owners, _small_group(least), rows, lambda row: 1 < row.count < least),
            *_small_projects(owners, rows),
            *_of_rows(owners, SINGLE_DECLARATION, known.of(Declaration), lambda row: row.count == 1),
            *_grown(owners, known),
            *_setting_exposures(config),
        ),
    )


def _small_group(least: int) -> Exposure:
    return Exposure(
        code="small-group",
        kind=ROW,
        observed=f"rows hold more than one payment and fewer than {least}: their month had no more, or they "
        "are older than the setting",
        advice="nothing helps a month of few payments but a longer delay",
        keys=("privacy.min_group", "privacy.publish_delay_hours"),
    )


def _unique(rows: Iterable[Entry], privacy: PrivacyConfig) -> Callable[[Entry], bool]:
    """Return a test of rows: one payment whose exact amount stands on the chain, and in no other row."""
    unit = privacy.round_to_sats * MSAT_PER_SAT
    amounts = Counter(row.amount_msat for row in rows)

    def unique(row: Entry) -> bool:
        rounded = unit and row.amount_msat % unit == 0
        return row.count == 1 and amounts[row.amount_msat] == 1 and not rounded

    return unique


def _of_rows(
    owners: PlaceOwners, exposure: Exposure, rows: Iterable[Row], choose: Callable[[Row], bool]
) -> Iterator[Exposure]:
    by_project: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_project[owners.slug(row.place) or row.place].append(row)
    for project, own in sorted(by_project.items()):
        if found := sorted(row.id for row in own if choose(row)):
            yield msgspec.structs.replace(
                exposure,
                project=project,
                count=len(found),
                of=len(own),
                observed=f"{len(found)} of {len(own)} {exposure.observed}",
                rows=tuple(found),
            )


def _small_projects(owners: PlaceOwners, rows: Sequence[Entry]) -> Iterator[Exposure]:
    payments: Counter[str] = Counter()
    for row in rows:
        payments[owners.slug(row.place) or row.place] += row.count
    for project, count in sorted(payments.items()):
        if count < FEW:
            yield Exposure(
                code="small-project",
                kind=ROW,
                project=project,
                count=count,
                of=FEW,
                observed=f"{count} {'payment' if count == 1 else 'payments'} in all, fewer than {FEW}: "
                "its supporters stand in a small crowd, whatever the rows look like",
                advice="wait longer before payments are published, or leave the project out until it grows",
                keys=("privacy.publish_delay_hours", "projects"),
            )


def _grown(owners: PlaceOwners, known: Known) -> Iterator[Exposure]:
    counts = Counter(owners.slug(payment.place) or payment.place for payment in exposed_payments(known))
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


def _setting_exposures(config: Config) -> Iterator[Exposure]:
    """Yield the settings that expose rows of BTCPay; none where no server is configured."""
    privacy = config.privacy
    settings = (
        (
            privacy.rows == "payment",
            ("payment-rows", "rows"),
            "each payment has a row of its own, with its day and exact rail",
            "publish one row a day",
        ),
        (
            privacy.rows == "day" and privacy.min_group == 1,
            ("no-groups", "min_group"),
            "a day with one payment is a row of one payment",
            "let at least 5 payments share a row",
        ),
        (
            privacy.round_to_sats == 0,
            ("no-rounding", "round_to_sats"),
            "rows are exact to the satoshi",
            "round them to 1000 satoshis or more; sums stay exact",
        ),
        (
            privacy.publish_delay_hours == 0,
            ("no-delay", "publish_delay_hours"),
            "a payment may be published minutes after it was made",
            "wait 24 hours or more",
        ),
    )
    for exposes, (code, key), observed, advice in settings:
        if exposes and config.sources.btcpay:
            yield Exposure(
                code=code, kind=SETTING, observed=observed, advice=advice, keys=(f"privacy.{key}",)
            )
