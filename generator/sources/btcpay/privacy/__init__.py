"""What of BTCPay may be published, applied before anything is stored; pure.

The log is public, so `PrivacyFilter` is the only way out: movements come in with
everything we know of them, entries and declarations go out with day, rail, class,
month and amounts. Whatever is done, sums and counts by `Stratum` and month stay exact.
"""

from generator.sources.btcpay.privacy.filter import PrivacyFilter
from generator.sources.btcpay.privacy.keyed_ids import KeyedIds, check_key, fingerprint, keyed_id
