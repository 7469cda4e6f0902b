"""What a figure is and what each means, and the figures of one project."""
