"""Statements of UTC months: what moved, what each sum means, and how they are made of rows."""
