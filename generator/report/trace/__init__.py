"""From a figure back to its definition, its inputs and the rows at its leaves."""
