"""Issues follow from runs: opened once, kept up to date, closed with their end, and quiet between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.alerts import Action, Deed, outages, plan
from generator.config import parse
from generator.errors import ConfigError
from generator.places import store_source
from generator.snapshot import Asked, Outcome, Run
from tests.alerts.runs import DOWN, ODD, OK, PAY, PLACE, RATES, REFUSED, Board, config, run, runs

CONFIG = config()


def deeds(actions: list[Action]) -> list[str]:
    return [str(action.deed) for action in actions]


def test_one_failed_run_is_no_alert_and_two_are_one() -> None:
    board = Board()
    assert board.look(runs(OK, DOWN), CONFIG) == []
    (opened,) = board.look(runs(OK, DOWN, DOWN), CONFIG)
    assert (opened.deed, opened.source) == (Deed.OPEN, PAY)
    assert opened.title == "BTCPay pay.example.org cannot be read"
    assert "1 Mar 2026, 06:00 UTC" in opened.body
    assert "12 hours old, shown with their age" in opened.body
    assert "https://github.com/village/report/blob/HEAD/config.yaml#L12" in opened.body
    assert board.look(runs(OK, DOWN, DOWN), CONFIG) == []


def test_it_is_kept_up_to_date_without_a_word() -> None:
    board = Board()
    board.look(runs(OK, DOWN, DOWN), CONFIG)
    assert deeds(board.look(runs(OK, DOWN, DOWN, DOWN), CONFIG)) == ["update"]
    assert "| 3 |" in str(board.rows[0]["body"])
    assert board.comments == {}


def test_worse_is_said_once_and_so_is_the_end() -> None:
    board = Board()
    told: list[Outcome] = []
    for outcome in (OK, DOWN, DOWN, ODD, DOWN, ODD, REFUSED, OK, OK):
        told.append(outcome)
        board.look(runs(*told), CONFIG)
    first, second, third = (text.splitlines()[1] for text in board.comments[1])
    assert first.startswith("Worse: BTCPay pay.example.org answers with something that cannot be used.")
    assert second.startswith("Worse: BTCPay pay.example.org reports a change that is not believed.")
    assert third == "It answers again, after 36 hours."
    assert not board.rows[0]["open"]
    assert "**It answers again, after 36 hours.**" in str(board.rows[0]["body"])


def test_stale_numbers_are_worse() -> None:
    board = Board()
    for count in range(2, 12):
        board.look(runs(OK, *[DOWN] * count), CONFIG)
    (said,) = board.comments[1]
    assert "Its numbers are 42 hours old, and shown as stale." in said


def test_what_a_person_closed_stays_closed_until_it_answered_and_the_next_links_it() -> None:
    board = Board()
    board.look(runs(OK, DOWN, DOWN), CONFIG)
    board.rows[0]["open"] = False
    story = [OK, DOWN, DOWN, DOWN]
    assert board.look(runs(*story), CONFIG) == []
    story += [OK, DOWN, DOWN]
    (opened,) = board.look(runs(*story), CONFIG)
    assert opened.deed is Deed.OPEN
    assert "earlier: #1" in opened.body


def test_what_a_person_opened_again_after_its_end_is_left_alone() -> None:
    board = Board()
    for story in ([OK, DOWN, DOWN], [OK, DOWN, DOWN, OK]):
        board.look(runs(*story), CONFIG)
    board.rows[0]["open"] = True
    assert board.look(runs(OK, DOWN, DOWN, OK), CONFIG) == []


def test_a_source_that_is_read_no_more_has_its_issue_closed() -> None:
    board = Board()
    board.look(runs(OK, DOWN, DOWN), CONFIG)
    closed = config().model_copy(
        update={
            "sources": CONFIG.sources.model_copy(
                update={"btcpay": (CONFIG.sources.btcpay[0].model_copy(update={"closed": True}),)}
            )
        }
    )
    (action,) = board.look(runs(OK, DOWN, DOWN), closed)
    assert (action.deed, action.completed) == (Deed.CLOSE, False)


def test_more_than_ten_share_one_more() -> None:
    stores = [f"store{number:02d}" for number in range(14)]
    many = parse(
        "version: 1\nsite: {title: T}\nnetwork: main\nsources:\n  btcpay:\n    - {id: pay, "
        f'url: "https://pay.example.org", token_env: BTCPAY_TOKEN, stores: {stores}}}\n'
    )
    asked = tuple(Asked(source=store_source(store), outcome=DOWN, message="away") for store in stores)
    recorded = [
        Run(id=one.id, source="runs", at=one.at, network="main", asked=asked) for one in runs(DOWN, DOWN)
    ]
    board = Board()
    assert len(board.look(recorded, many)) == 11
    assert board.rows[-1]["title"] == "4 further sources cannot be read"
    assert str(board.rows[-1]["body"]).count("\n- BTCPay") == 4
    assert board.look(recorded, many) == []


def test_words_of_others_name_link_and_tell_nothing() -> None:
    message = (
        "hello @village #3 ![x](https://evil.example/p.png) https://pay.example.org/api?token=abc123def456 "
        "<img src=x> `code` | ::error::\nnpub ghp_0123456789abcdefABCD"
    )
    recorded = [run(0, OK), run(1, DOWN, message=message), run(2, DOWN, message=message)]
    (opened,) = plan(recorded, CONFIG, [], PLACE)
    (row,) = [line for line in opened.body.splitlines() if "@village" in line]
    assert row.startswith("| what the last run met | `hello @village #3 ")
    assert row.count("`") == 2
    for secret in ("abc123def456", "0123456789abcdefABCD", "p.png"):
        assert secret not in opened.body
    assert len(plan([run(0, DOWN, message="x" * 90_000)] * 2, CONFIG, [], PLACE)[0].body) < 4_000


def test_nothing_is_done_where_alerts_are_off_and_the_number_of_runs_is_obeyed() -> None:
    assert plan(runs(DOWN, DOWN), config("alerts: {issues: false}"), [], PLACE) == []
    later = config("alerts: {after_runs: 4}")
    assert plan(runs(DOWN, DOWN, DOWN), later, [], PLACE) == []
    assert deeds(plan(runs(DOWN, DOWN, DOWN, DOWN), later, [], PLACE)) == ["open"]
    with pytest.raises(ConfigError, match="after_runs"):
        config("alerts: {after_runs: 0}")


OUTCOMES = st.lists(
    st.tuples(st.sampled_from([OK, OK, DOWN, ODD, REFUSED]), st.sampled_from([OK, DOWN])), max_size=25
)


@given(story=OUTCOMES, data=st.data())
def test_any_story_with_lost_calls_and_busy_people_ends_well(
    story: list[tuple[Outcome, Outcome]], data: st.DataObject
) -> None:
    board, recorded = Board(), list[Run]()
    for number, (pay, rates) in enumerate(story):
        recorded.append(run(number, pay, rates))
        actions = plan(recorded, CONFIG, board.issues(), PLACE)
        reached = data.draw(st.integers(0, len(actions)), label="calls that reach GitHub")
        board.take(actions[:reached])
        if board.rows and data.draw(st.booleans(), label="a person closes one, or opens it again"):
            row = board.rows[data.draw(st.integers(0, len(board.rows) - 1))]
            row["open"] = not row["open"]
    board.look(recorded, CONFIG)
    assert board.look(recorded, CONFIG) == []
    lasting = {outage.source: outage for outage in outages(recorded, CONFIG)}
    for source in (PAY, RATES):
        mine = [issue for issue in board.issues() if issue.key.source == source]
        standing = [issue for issue in mine if issue.open and not issue.key.ended]
        beginnings = [issue.key.since for issue in mine]
        assert len(beginnings) == len(set(beginnings)), "one issue an outage, never two"
        if source not in lasting:
            assert not standing
        elif lasting[source].failed >= 2:
            closed = [
                issue for issue in mine if not issue.open and issue.key.since > lasting[source].good_run
            ]
            assert len(standing) + len(closed) == 1
    for texts in board.comments.values():
        names = [text.splitlines()[0] for text in texts]
        assert len(names) == len(set(names))
        assert len(names) <= 5
