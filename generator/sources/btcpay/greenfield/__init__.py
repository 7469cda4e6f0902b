"""Speaking to a BTCPay server: its Greenfield API, as versions 1.x to 2.4 have it.

`client` is the way to the server and asks (one method a route), `wire` holds what
comes back and `values` reads its numbers; `paging` and `invoice_list` read a list of
any length whole; `refusals` says what an error means.
"""

from generator.sources.btcpay.greenfield.client import Greenfield, authorization, transport
