"""What was checked, what holds, what does not, and what nobody could check."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from generator.charts import proven_share
from generator.pages.page import Content, Page
from generator.pages.state_marks import RESULTS, StateMark, last_change, not_fresh
from generator.pages.verify_limits import LIMITS
from generator.pages.verify_questions import QUESTIONS
from generator.pages.whose_word import word_rows
from generator.report import Report
from generator.sentence import Text, say
from generator.snapshot import Finding, Result

#: Failed checks that are listed one by one; ``data/findings.json`` has them all.
MOST_FAILED: Final = 200
#: Reasons that are named for one check.
MOST_REASONS: Final = 5


class CheckSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One check: its question with the number of its answers."""

    question: Text
    how: Text
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
        title=say("What can be checked"),
        section="verify",
        description=say("Which statements of this report were checked, and which hold."),
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
    question, how = QUESTIONS.get(check, (check, ""))
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
