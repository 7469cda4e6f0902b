"""Blocks cost what they say: coinbases agree with branches and heights, and epochs follow on each other."""

from collections.abc import Iterator

from generator.judge.recorded_chain import boundary_headers, shown_inclusions
from generator.places import ANGOR
from generator.protocol.proof.header_rules import HeaderRules
from generator.snapshot import Known
from generator.verify.results import CheckResult, checked


def check_blocks(known: Known, rules: HeaderRules) -> Iterator[CheckResult]:
    """Yield whether depth and height of blocks are their coinbases', and whether epochs follow."""
    shown = [inclusion for inclusion in shown_inclusions(known, ANGOR) if inclusion.coinbase]
    problems = (problem for inclusion in shown if (problem := inclusion.problem(HeaderRules())))
    yield checked("coinbases", dict.fromkeys(problems), len({inclusion.block for inclusion in shown}))
    if rules.epochs is not None:
        problem = rules.epochs.problem
        yield checked("epochs", [problem] if problem else [], len(boundary_headers(known, ANGOR)))
