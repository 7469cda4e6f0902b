"""What public data proves: from events and transactions to terms, ledger entries and findings; pure.

One judge for two readers. The Angor source hands it what relays and indexers
just sent; verification hands it nothing but the evidence that was published.
"""
