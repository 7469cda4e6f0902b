"""What was said before: edits of terms, restated sums, the week's changes."""
