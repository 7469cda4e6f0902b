"""The report drawn: values in, SVG text out; pure.

One module a chart, all of one shape. Its docstring is the question that the chart answers; ``chart()`` makes
the words, or returns None where there is nothing to see; ``_table`` has the same in rows; ``_draw`` names the
scales and draws. They share `chart` (what a page needs of one), `plot` (marks on a scaled area),
`labels` (where text may stand), `scales` (axes), `bars` (bars that lie) and `thinning` (long series).
"""
