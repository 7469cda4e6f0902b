"""Texts as they can stand in a summary in Markdown."""


def cell(text: str) -> str:
    """Return a text as it can stand in a table or a list in Markdown."""
    return text.replace("|", "\\|").replace("\n", " ")
