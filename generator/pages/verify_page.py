"""What was checked, what holds, what does not, and what nobody could check."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from generator.charts.proven_share import evidence
from generator.pages.limits import LIMITS
from generator.pages.page import Page
from generator.pages.state_marks import RESULTS, State
from generator.report.model import Report
from generator.snapshot import Finding, Result

#: Failed checks that are listed one by one; ``data/findings.json`` has them all.
MOST_FAILED: Final = 200
#: The question behind each check, in the order in which they build on each other.
CLAIMS: Final = {
    "event-id": ("The event has the id that the founding names", "id recomputed from its content"),
    "event-signature": ("The event is what its author signed", "BIP-340 signature"),
    "event-author": ("The author is the key that the terms name", ""),
    "profile": ("The founder's newest profile can be read", ""),
    "definition-standing": ("The author has not asked relays to delete the event", "NIP-09"),
    "moderation": ("The lists of the chosen moderators let it be shown", "Nostr kinds 30000 and 10001"),
    "founder-key-address": (
        "The founder's key leads to the project's identifier and address",
        "key derivation",
    ),
    "founding-commitment": (
        "The founding transaction commits to this key and this event",
        "OP_RETURN read by position",
    ),
    "single-founding": ("Nobody founded the same project twice", ""),
    "network-name": ("The terms name the network that is read", ""),
    "terms": ("The terms are what the official client would accept", ""),
    "window": ("The investment came while investing was open", ""),
    "after-founding": ("The investment came after the founding", ""),
    "investment-note": ("What pays the project with a key in it says what an investment says", "OP_RETURN"),
    "stage-scripts": (
        "Every stage output can be derived again from terms and investor key",
        "taproot scripts, amounts and dates; what does not match is listed and never summed",
    ),
    "stage-amounts": (
        "Fee and stages are the shares that the terms promise",
        "the fee within the total, or on top of it as before July 2025; nothing enforces it",
    ),
    "spend-script": ("The spend reveals a known script of its output", "leaf and control block"),
    "spend-witness": (
        "The spend was signed for the script it reveals",
        "the script is run; ids and Merkle branches do not cover it",
    ),
    "penalty-days": ("The penalty lasts as long as the terms promise", ""),
    "header-agreement": ("Two indexers have the same block where money stands", "block hash at its height"),
    "inclusion": ("The transaction is in a block with proof of work", "Merkle branch and header"),
    "history": ("The address's history was read to its end", "as many transactions as the indexer counts"),
    "witness": ("A second indexer tells the same", "number of transactions of the address"),
    "other-coins": ("Payments in other coins are in no sum", ""),
    "claimed-once": ("Each payment belongs to one project", ""),
    "rate-plausible": ("An exchange rate is within ten times of its neighbours", "else it is not recorded"),
    "refunds-read": ("Refunds could be read", "the key may see payouts"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One question with the number of its answers."""

    check: str
    question: str
    how: str
    counts: tuple[tuple[State, int], ...]  #: answers that occur, failed first
    reasons: tuple[tuple[str, int], ...]  #: why some could not be checked


def page(report: Report) -> Page:
    """Return the verification page."""
    titles = {project.slug: project.title for project in report.projects}
    findings = [*report.findings, *(one for project in report.projects for one in project.findings)]
    btcpay = [one for one in findings if one.source.startswith("btcpay")]
    others = [one for one in findings if not one.source.startswith("btcpay")]
    failed = [one for one in findings if one.result is Result.FAILED]
    results = Counter(one.result for one in findings)
    return Page(
        path="verify/index.html",
        template="verify.html",
        title="What can be checked",
        section="verify",
        description="Which claims of this report were checked, and which hold.",
        values={
            "share": evidence(report),
            "angor": claims(others),
            "btcpay": claims(btcpay),
            "failed": failed[:MOST_FAILED],
            "left_out": max(0, len(failed) - MOST_FAILED),
            "results": [(RESULTS[result], results[result]) for result in RESULTS],
            "questions": CLAIMS,
            "limits": LIMITS,
            "titles": titles,
            "has_btcpay": any(name.startswith("btcpay") for one in report.projects for name in one.sources),
        },
    )


def claims(findings: Iterable[Finding]) -> list[Claim]:
    """Return findings by check: known questions in their order, then others by name."""
    by_check: dict[str, list[Finding]] = {}
    for one in findings:
        by_check.setdefault(one.check, []).append(one)
    order = {check: at for at, check in enumerate(CLAIMS)}
    return [_claim(check, by_check[check]) for check in sorted(by_check, key=lambda c: (order.get(c, 99), c))]


def _claim(check: str, findings: list[Finding]) -> Claim:
    question, how = CLAIMS.get(check, (check.replace("-", " ").capitalize(), ""))
    counts = Counter(one.result for one in findings)
    reasons = Counter(one.reason for one in findings if one.result is Result.NOT_CHECKED)
    order = (Result.FAILED, Result.OK, Result.NOT_CHECKED)
    return Claim(
        check=check,
        question=question,
        how=how,
        counts=tuple((RESULTS[result], counts[result]) for result in order if counts[result]),
        reasons=tuple(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))[:5]),
    )
