"""The report drawn: one look, one module a chart; values in, SVG text out; pure."""
