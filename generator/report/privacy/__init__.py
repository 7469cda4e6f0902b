"""What a reader of the public log could still link with a person."""
