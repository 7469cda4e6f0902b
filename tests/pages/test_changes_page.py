"""The page of changes states what an earlier run had said otherwise, whichever sum it is."""

from generator import pages
from tests.support.village import SHOP, Village, reported


def test_a_payout_of_a_past_month_that_is_read_late_is_told(content: pages.Content) -> None:
    village = Village()
    for day in ("2025-06-10", "2025-06-11"):
        village.run(day)
    said = [village.says("well", source) for source in ("angor", SHOP)]
    payout = village.entry("well", "payout", 3, "2025-05-12", source=SHOP, id="well/2025-05-12/payout")
    report = reported(village, *((0, record) for record in said), (1, payout))
    [restated] = [each for project in report.projects for each in project.restatements]
    assert (restated.sum, restated.month) == ("paid_out", "2025-05")
    page = dict(pages.render(report, content))["p/well/changes/index.html"].decode()
    assert "Paid out" in page
