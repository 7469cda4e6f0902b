"""A local world to build against: a chain, relays and a BTCPay server, with faults on demand.

Nothing here shares code with what it judges: `ledger`, `report`, `sources`,
`snapshot` and `verify` are out of bounds.
"""
