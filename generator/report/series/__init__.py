"""Figures over time and by part: days, weeks, stages by opening day, subtotals by rail and source."""
