"""All projects together: sums, the network by type and month, what is locked until which day."""
