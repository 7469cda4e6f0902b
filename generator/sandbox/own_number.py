"""What a crowdfund's own page says it raised, as figures."""

from generator.sandbox.btcpay.crowdfund_page import CrowdfundPage
from generator.sandbox.worth import Value, decimal_text


def own_number(page: CrowdfundPage | None) -> dict[str, Value]:
    """Return what BTCPay's own page shows of a crowdfund, and why that is not what a report counts."""
    if page is None:
        return {}
    found: dict[str, Value] = {
        "btcpay_raised": decimal_text(page.raised),
        "btcpay_pending": decimal_text(page.pending),
        "btcpay_counted": decimal_text(page.reported),
        "btcpay_contributors": page.contributors,
    }
    for reason, (value, count) in page.reasons.items():
        found[f"btcpay_invoices@{reason}"] = count
        if value:
            found[f"btcpay_difference@{reason}"] = decimal_text(value)
    return found
