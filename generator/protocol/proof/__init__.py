"""What public data proves about one project: founding, terms, investments, spends; values in and out."""
