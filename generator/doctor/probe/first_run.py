"""How long a first run takes, estimated from projects, transactions and the speed of the servers."""

from collections.abc import Sequence
from typing import Final

import msgspec

from generator.doctor.diagnosis import Diagnosis, Level
from generator.doctor.probe.probed import ProbedIndexer

#: Requests of a first run for each project that was founded.
REQUESTS_A_PROJECT: Final = 6
#: For each transaction of one: over a server that says who spends, and over one whose addresses are searched
#: for it. A test compares both with a run over the sandbox.
REQUESTS_A_TRANSACTION, REQUESTS_IF_SEARCHED = 6, 14
#: Requests a host answers at a time, with what is lost between them.
_AT_ONCE: Final = 3
#: Limits that are known and cannot be seen in twenty requests: requests an hour (public-servers.md 1.5).
KNOWN_LIMITS: Final = {"blockstream.info": 700}
_LONG_MINUTES: Final = 40


class FirstRun(msgspec.Struct, frozen=True, kw_only=True):
    """The estimate; None where nothing allows one."""

    projects: int
    transactions_a_project: float | None  #: mean of those that were looked at
    requests: int | None = None
    minutes: int | None = None  #: over the quickest server alone, at least 1
    host: str = ""  #: that server


def first_run(projects: int, transactions: Sequence[int], servers: Sequence[ProbedIndexer]) -> FirstRun:
    """Estimate from how many transactions some projects have and how quickly servers answer."""
    mean = round(sum(transactions) / len(transactions), 1) if transactions else None
    usable = [server for server in servers if server.tip and server.right_network and not server.problem]
    if mean is None or not usable:
        return FirstRun(projects=projects, transactions_a_project=mean)
    seconds, requests, quickest = min(
        (_seconds(server, needed), needed, server.host)
        for server in usable
        for needed in [requests_over(server, projects, round(projects * mean))]
    )
    return FirstRun(
        projects=projects,
        transactions_a_project=mean,
        requests=requests,
        minutes=max(1, round(seconds / 60)),
        host=quickest,
    )


def requests_over(server: ProbedIndexer, projects: int, transactions: int) -> int:
    """Estimate the requests of a first run over one server."""
    each = REQUESTS_A_TRANSACTION if server.spenders else REQUESTS_IF_SEARCHED
    return projects * REQUESTS_A_PROJECT + transactions * each


def _seconds(server: ProbedIndexer, requests: int) -> float:
    known = KNOWN_LIMITS.get(server.host.partition(":")[0])
    rate = server.per_second or (known and known / 3600)
    between = 1 / rate if rate else 0.0
    return requests * max((server.seconds or 0.0) / _AT_ONCE, between)


def sentence(run: FirstRun) -> Diagnosis:
    """Say the estimate, and what to do when it is long."""
    long = run.minutes is not None and run.minutes > _LONG_MINUTES
    if run.minutes is None:
        observed = f"{run.projects} projects; how long it takes cannot be estimated: "
        observed += "no server that can be used told how many transactions they have"
    else:
        observed = f"{run.projects} projects of about {run.transactions_a_project:g} transactions: "
        observed += f"about {run.requests} requests, {run.minutes} min over {run.host}"
    return Diagnosis(
        code="probe-first-run",
        level=Level.WARNING if long or run.minutes is None else Level.OK,
        source="first run",
        subject="estimate",
        observed=observed,
        fix="It takes several runs; each goes on where the last one ended" if long else "",
    )
