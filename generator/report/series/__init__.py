"""Figures over time: funding by day and week, stages by the day they open, the network by month."""
