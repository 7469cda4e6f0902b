"""What is proven, in the words of the ledger: evidence in, project records, entries and findings out; pure.

One judge for two readers. The Angor source hands it what relays and indexers
just sent; verification hands it nothing but the evidence that was published.
"""
