"""A page of the maintainer's alone, as HTML."""

from markupsafe import Markup

from generator.pages.own_links import OwnLinks
from generator.pages.prose import prose


def own_prose(text: str) -> Markup:
    """Return a text as the page of one site without other pages, pictures or files."""
    return prose(text, OwnLinks(name="page", path="page/index.html", names=(), static={})).html
