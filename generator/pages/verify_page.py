"""What was checked, what holds, what does not, and what nobody could check."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from generator.charts import proven_share
from generator.origin import Origin
from generator.pages.page import Content, Page
from generator.pages.state_marks import RESULTS, StateMark, last_change, not_fresh
from generator.pages.whose_word import word_rows
from generator.report import Report
from generator.snapshot import Finding, Result

#: Failed checks that are listed one by one; ``data/findings.json`` has them all.
MOST_FAILED: Final = 200
#: Reasons that are named for one check.
MOST_REASONS: Final = 5
#: The question behind each check and how it is answered, in the order in which they build on each other.
QUESTIONS: Final = {
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
    "server-clock": ("Each server's clock is within two hours of ours", "the Date of its answers"),
    "inclusion": ("The transaction is in a block with proof of work", "Merkle branch, header, coinbase"),
    "history": ("The address's history was read to its end", "as many transactions as the indexer counts"),
    "witness": ("A second indexer tells the same", "number of transactions of the address"),
    "app-found": ("BTCPay still has the crowdfund", "else its texts and goal are the last it showed"),
    "app-known": ("BTCPay has the crowdfund that is bound here", "else its id may be wrong"),
    "settings-read": ("The crowdfund's settings could be read", "else they are those read last"),
    "records-readable": (
        "Every invoice and payment could be read, with a day that has come",
        "else sums are at least so",
    ),
    "claimed-once": ("Each payment belongs to one project", ""),
    "payment-shared": ("Each payment belongs to one store", ""),
    "unassigned": ("Every payment of the store shows where it belongs", "search term and order page"),
    "named-in-text": ("Text that a payer can write decides nothing", ""),
    "attribution-moved": ("Payments stay where they were counted", "by month of their invoices"),
    "rate-plausible": ("An exchange rate is within ten times of its neighbours", "else it is not recorded"),
    "refunds-read": ("Refunds could be read", "the key may see payouts"),
    "refunds-hidden": ("Every closed refund was seen", "BTCPay shows no payouts of archived pull payments"),
    "payouts-unexplained": ("Every payout has a purpose", "an invoice in its name, or purposes"),
    "payouts-unreadable": ("Every payout has a state, an amount and a day", ""),
    "payouts-ahead": ("No payout is dated after the run that read it", ""),
    "refunds-promised": ("No refund waits for more than 30 days", "it may be paid by hand"),
    "refunds-by-order": ("A shop's refund is tied by its order number", "with all else agreeing"),
    "refunds-other-coin": ("A refund is in the coin that was paid", "other coins are in no sum of bitcoin"),
    "refunds-unproven": ("A completed refund shows its transaction", "else it is the owner's word"),
}

#: What nobody can tell from a published site alone: whose word it is, or the kind of forgery, then what a
#: forger can do and what still helps. The tests forge every field of the log and assert that what goes
#: undetected is declared to be one of these words, so that list, declaration and test are one.
LIMITS: Final = {
    Origin.BTCPAY: "A BTCPay row that was left out, changed or invented by whoever publishes the site. "
    "Nobody outside sees the invoices of a server, or what its own pages count; only its owner can compare.",
    Origin.INDEXER: "What an indexer said and nothing proves: why a project could not be read and how much "
    "it may have raised at most, how many transactions an address has, whether its history was read to the "
    "end, and the height of the tip. Ask another indexer.",
    Origin.RELAY: "Which newer texts of a founder a relay showed, and whether moderators hide a project. "
    "Each text that is shown is signed; that there is no newer one only relays tell.",
    Origin.PROVIDER: "Exchange rates. They are what the named provider said; compare with another one.",
    Origin.PUBLISHER: "What whoever publishes the site says: when somebody looked, whether a source answered "
    "then, and that a run was voided, which the command names; when money that waits was first seen; a check "
    "that held and is not listed; that a text was taken down and why, and why a row was taken back; purposes "
    "of payouts; what the configuration sets, such as titles, goals and when a source is called stale; pages "
    "and reasons in their own words. An earlier copy of the log shows whether it was rewritten.",
    "left-out": "Money on chain, or a whole project, that was left out with all of its evidence; so may a "
    "spend be, and what the founder claimed long ago looks locked. What is shown is genuine; whether it is "
    "all of it only the chain itself tells: compare with an indexer of your own.",
    "census": "An announced project that was left out of the census, or invented in it, where the log has "
    "nothing else of it. An unread one makes sums “≥”, so it matters. Which are announced only relays tell: "
    "the command asks them with --online.",
    "indexers-word": "Money on chain that is reported: an indexer says in which block it is, no header and "
    "branch show it; and money that waits for a block. Whoever publishes can invent a transaction of this "
    "kind that spends what never was. The command says how much it is; nothing of it is called proven.",
    "taken-back": "A row that a later line of the log took back, for example because its block was "
    "reorganised. The command lists such rows; whether the reason is true only the chain itself tells.",
    "idle-evidence": "A signed event, a transaction or a block header that nothing on the site rests on: it "
    "is genuine, and no number follows from it.",
    "former": "What an older line of the log said and a later one changed or took back: former terms "
    "and goals, and sums of the past, on pages of changes. Whoever publishes can invent an older line; the "
    "sums of today do not rest on it. An earlier copy of the log shows what it said.",
    "another-face": "A server that shows your browser other files than the command. Save the site with your "
    "browser and verify that folder.",
    "test-chain": "Blocks of a test network cost nothing, so a forger can make them. On the main network of "
    "Bitcoin a header counts only with the target of its epoch, of about two weeks, as it follows from one "
    "block of August 2022 in the code. One that is forged costs what a real block of that epoch costs: "
    "2²⁵⁶ ÷ (target + 1) hashes on average, 1.2 · 10²³ in August 2022. To forge the end of an epoch costs a "
    "block too; whoever pays for it can make each epoch after it up to four times cheaper, and contradicts "
    "every real block from there on.",
    "another-version": "The shape of charts and drawings, which figures their tables list, which rows and "
    "figures a page leaves out, the words beside and between numbers, where links lead, how much of a text a "
    "style sheet shows and beside what, when another version of Sunlit or other templates made the site. "
    "The command says so; the numbers are compared all the same.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSummary:
    """One check: its question with the number of its answers."""

    question: str
    how: str
    counts: tuple[tuple[StateMark, int], ...]  #: answers that occur, failed first
    reasons: tuple[str, ...]  #: why some could not be checked, the most frequent


def pages(report: Report, _content: Content) -> Iterator[Page]:
    """Yield the verification page."""
    owned = [(project.slug, row) for project in report.projects for row in project.findings]
    owned = [*(("", finding) for finding in report.findings), *owned]
    findings = [finding for _, finding in owned]
    failed = [(slug, finding) for slug, finding in owned if finding.result is Result.FAILED]
    results = Counter(finding.result for finding in findings)
    share = proven_share.chart(report)
    yield Page(
        path="verify/index.html",
        template="verify.html",
        title="What can be checked",
        section="verify",
        description="Which claims of this report were checked, and which hold.",
        values={
            "share": share,
            "changed_at": last_change(report.projects),
            "not_fresh": not_fresh(report),
            "angor": summaries(finding for finding in findings if not _is_btcpay(finding.source)),
            "btcpay": summaries(finding for finding in findings if _is_btcpay(finding.source)),
            "failed": [
                (QUESTIONS.get(row.check, (row.check,))[0], slug, row) for slug, row in failed[:MOST_FAILED]
            ],
            "left_out": max(0, len(failed) - MOST_FAILED),
            "words": list(word_rows()),
            "results": [(RESULTS[result], results[result]) for result in RESULTS],
            "limits": [{"id": name, "text": text} for name, text in LIMITS.items()],
            "titles": {project.slug: project.title for project in report.projects},
            "has_btcpay": any(_is_btcpay(name) for project in report.projects for name in project.sources),
        },
        charts=(share,) if share else (),
        folder="verify",
    )


def summaries(findings: Iterable[Finding]) -> list[CheckSummary]:
    """Return findings by check: known questions in their order, then others by name."""
    by_check: dict[str, list[Finding]] = {}
    for finding in findings:
        by_check.setdefault(finding.check, []).append(finding)
    order = {check: at for at, check in enumerate(QUESTIONS)}
    checks = sorted(by_check, key=lambda check: (order.get(check, len(order)), check))
    return [_summary(check, by_check[check]) for check in checks]


def _summary(check: str, findings: list[Finding]) -> CheckSummary:
    question, how = QUESTIONS.get(check, (check.replace("-", " ").capitalize(), ""))
    counts = Counter(finding.result for finding in findings)
    reasons = Counter(finding.reason for finding in findings if finding.result is Result.NOT_CHECKED)
    most = sorted(reasons, key=lambda reason: (-reasons[reason], reason))[:MOST_REASONS]
    order = (Result.FAILED, Result.OK, Result.NOT_CHECKED)
    return CheckSummary(
        question=question,
        how=how,
        counts=tuple((RESULTS[result], counts[result]) for result in order if counts[result]),
        reasons=tuple(reason for reason in most if reason),
    )


def _is_btcpay(source: str) -> bool:
    return source.startswith("btcpay")
