"""How long a first run takes, estimated from projects, transactions and the speed of the servers."""

from collections.abc import Sequence
from typing import Final

import msgspec

from generator.doctor.diagnosis import Diagnosis, Level
from generator.doctor.probe.probed import ProbedIndexer

#: Requests of a first run for each project that was founded, and for each transaction of one; a test
#: compares them with a run over the sandbox.
REQUESTS_A_PROJECT: Final = 6
REQUESTS_A_TRANSACTION: Final = 4
#: Requests a host answers at a time.
_AT_ONCE: Final = 4
#: Limits that are known and cannot be seen in twenty requests: requests an hour (network.md 1.5).
KNOWN_LIMITS: Final = {"blockstream.info": 700}
_LONG_MINUTES: Final = 40


class FirstRun(msgspec.Struct, frozen=True, kw_only=True):
    """The estimate; None where nothing allows one."""

    projects: int
    transactions_a_project: float | None  #: mean of those that were looked at
    requests: int | None
    minutes: int | None  #: over the quickest server alone, at least 1
    host: str = ""  #: that server


def first_run(projects: int, transactions: Sequence[int], servers: Sequence[ProbedIndexer]) -> FirstRun:
    """Estimate from how many transactions some projects have and how quickly servers answer."""
    mean = round(sum(transactions) / len(transactions), 1) if transactions else None
    able = {
        server.host: seconds
        for server in servers
        if server.tip and server.right_network and not server.problem and server.seconds is not None
        for seconds in [_seconds_a_request(server)]
    }
    requests = (
        None if mean is None else round(projects * (REQUESTS_A_PROJECT + mean * REQUESTS_A_TRANSACTION))
    )
    host = min(able, key=lambda name: able[name], default="")
    minutes = max(1, round(requests * able[host] / 60)) if requests is not None and host else None
    return FirstRun(
        projects=projects, transactions_a_project=mean, requests=requests, minutes=minutes, host=host
    )


def _seconds_a_request(server: ProbedIndexer) -> float:
    name = server.host.partition(":")[0]
    slowest = 3600 / KNOWN_LIMITS[name] if name in KNOWN_LIMITS else 0.0
    return max((server.seconds or 0.0) / _AT_ONCE, slowest)


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
