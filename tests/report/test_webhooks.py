"""What /health/ says of webhooks: sums over the run records that could tell, unknown for the others."""

import msgspec

from generator.report import WebhookHealth
from generator.report.health.webhook_health import DEFINITIONS
from tests.support.village import SHOP, Village


def looked(village: Village, at: str, how: str | None, **counts: int) -> None:
    """Record a run that looked after the shop's webhook in some way."""
    run = village.run(at, shop="ok")
    [asked] = run.asked
    asked = msgspec.structs.replace(asked, counts=counts, reads={} if how is None else {"webhook": how})
    village.runs[-1] = msgspec.structs.replace(run, asked=(asked,))


def webhook(village: Village) -> WebhookHealth | None:
    return next(source for source in village.report().health if source.state.name == SHOP).webhook


def values(one: WebhookHealth | None) -> list[int | str | None]:
    assert one
    return [figure.value for figure in one.figures]


def test_without_a_webhook_nothing_is_said(village: Village) -> None:
    looked(village, "2025-03-01T06:00", None, webhook_late=3)
    assert webhook(village) is None
    assert not any(name.startswith("webhook") for name in village.report().figures)


def test_each_number_is_known_only_from_runs_that_could_tell_it(village: Village) -> None:
    looked(village, "2025-03-01T06:00", None)
    looked(village, "2025-03-02T06:00", "")
    assert values(webhook(village)) == [None, None, None, None, None]
    looked(village, "2025-03-03T06:00", "polling", webhook_payments=4, webhook_late=1)
    assert values(webhook(village)) == [None, None, None, 4, 1]
    looked(village, "2025-03-04T06:00", "polling,api", webhook_payments=2, webhook_taken=9, webhook_failed=1)
    looked(village, "2025-03-05T06:00", "api,receiver", webhook_taken=3, webhook_unknown=2, webhook_late=50)
    found = webhook(village)
    assert values(found) == [12, 1, 2, 6, 1]
    assert found
    assert found.since == village.moment("2025-03-02T06:00")
    report = village.report()
    assert {figure.name for figure in found.figures} == {
        definition.name_of(SHOP) for definition in DEFINITIONS
    }
    assert [report.today[figure.id] for figure in found.figures] == list(found.figures)
    assert found.late.formula.endswith("in the last 90 days, of BTCPay pay.example.org.")


def test_what_is_older_than_90_days_is_not_counted(village: Village) -> None:
    looked(village, "2025-01-01T06:00", "polling", webhook_payments=100, webhook_late=100)
    looked(village, "2025-06-01T06:00", "polling", webhook_payments=5, webhook_late=2)
    assert values(webhook(village)) == [None, None, None, 5, 2]
    village.run("2025-12-01T06:00", shop="ok")
    assert webhook(village) is None
