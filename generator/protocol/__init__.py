"""Bitcoin, Nostr and Angor as values: a library without I/O, configuration or ledger, readable alone."""
