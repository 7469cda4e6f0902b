"""The line of config.yaml at which each source stands."""

from typing import TYPE_CHECKING

from generator.places import ANGOR, store_source
from generator.report.source_names import RATES

if TYPE_CHECKING:
    from generator.cli.site_folder import SiteFolder


def source_lines(site: "SiteFolder") -> dict[str, int]:
    """Return lines by source, counted from 1; of what has none of its own, the nearest above it."""
    place = site.document.place
    lines = {
        store_source(store): place(("sources", "btcpay", number))[0]
        for number, server in enumerate(site.config.sources.btcpay)
        for store in server.stores
    }
    return lines | {ANGOR: place(("sources", "nostr"))[0], RATES: place(("sources", "rates"))[0]}
