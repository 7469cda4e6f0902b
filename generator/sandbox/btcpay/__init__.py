"""A BTCPay server that speaks Greenfield as BTCPay Server 2.4.1 does, with people who use it.

`build_town` plays the people of today, `build_street` those of many years and
versions; `Town.server` serves what they left behind.
"""

from generator.sandbox.btcpay.coins import COINS
from generator.sandbox.btcpay.deeds import Deed, DeedKind, Deeds, PaidPlace, Standing
from generator.sandbox.btcpay.faults import Fault
from generator.sandbox.btcpay.forgers import FORGERS, UNDECIDABLE
from generator.sandbox.btcpay.payback import PAYBACKS, Payback
from generator.sandbox.btcpay.server import BTCPayServer
from generator.sandbox.btcpay.street import Street, build_street
from generator.sandbox.btcpay.texts import Token
from generator.sandbox.btcpay.town import Town, build_town
from generator.sandbox.btcpay.versions import Version
from generator.sandbox.btcpay.ways import HISTORY, WAYS, Way
