"""Re-verification of a published site: from its bytes alone, or with the visitor's own servers.

Checks are pure functions over bytes; only `folder_reader` opens files, and only
`address_reader` and `online_check` ask servers. `step_table` is the table of all of them.
"""
