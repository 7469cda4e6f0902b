"""A mistake in `config.yaml` ends in one plain sentence with its place and a fix, and repeats no secret."""

import re

import pytest

from generator.config import parse
from tests.config.messages import found_in, is_plain
from tests.config.mistakes import GOOD, HABITS, MISTAKES, SECRETS, TRAPS, Mistake


def test_there_are_many_and_the_text_that_they_change_is_right() -> None:
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES) >= 200
    assert found_in(GOOD) == ((), [])
    print(f"{len(MISTAKES)} mistakes")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_each_is_told_where_it_begins(mistake: Mistake) -> None:
    assert GOOD.count(mistake.old) >= 1
    problems, warnings = found_in(GOOD.replace(mistake.old, mistake.new, 1))
    shown = "\n".join(map(str, (*problems, *warnings)))
    assert all(map(is_plain, (*problems, *warnings))), shown
    found = warnings if mistake in TRAPS else problems
    assert any(
        (problem.line, problem.column) == (mistake.line, mistake.column)
        and mistake.words in problem.message
        and mistake.fix in problem.message
        for problem in found
    ), shown
    assert bool(problems) is (mistake not in TRAPS), shown


def test_a_slash_at_the_end_says_that_btcpay_stands_below_a_path() -> None:
    text = GOOD.replace("pay.village.org", "pay.village.org/btcpay/")
    assert found_in(text) == ((), [])
    assert parse(text).sources.btcpay[0].url == "https://pay.village.org/btcpay"


def test_a_comment_may_name_a_commit() -> None:
    commit = "3a7bd3e2360a3d29eea436fcfb7e44c735d117c4"
    assert found_in(GOOD.replace("network: main", f"network: main # since commit {commit}")) == ((), [])


@pytest.mark.parametrize("mistake", [*SECRETS, *HABITS[-2:]], ids=lambda mistake: mistake.name)
def test_no_secret_is_repeated(mistake: Mistake) -> None:
    problems, warnings = found_in(GOOD.replace(mistake.old, mistake.new, 1))
    shown = "\n".join(map(str, (*problems, *warnings))).lower()
    words = re.findall(r"[\w-]{10,}", mistake.new.replace("token_env", "").lower())
    assert max(words, key=len, default="winner thank year") not in shown
    assert "hunter2" not in shown
