"""BTCPay Server as a source of payments and refunds, complete and private."""

from generator.sources.btcpay.greenfield import authorization
from generator.sources.btcpay.source import BTCPay
from generator.sources.btcpay.state_table import STATES, Cell, Row, rows

__all__ = ["STATES", "BTCPay", "Cell", "Row", "authorization", "rows"]
