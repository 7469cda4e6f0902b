"""The links from every page to the others."""

from dataclasses import dataclass, replace
from typing import Final, Self

from generator.language import Language
from generator.pages.own_texts import IN_NAVIGATION, LIST, linked, own_texts
from generator.pages.page import Content
from generator.report import Report
from generator.sentence import Sentence, Text, say
from generator.wording import plain


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation."""

    section: str  #: of the pages that belong to it
    name: Text
    path: str
    own: bool = False  #: named by the maintainer

    def said_in(self, language: Language) -> Self:
        """Return the entry for pages in a language: a sentence is said, a name of many languages is left."""
        return replace(self, name=plain(self.name, language)) if isinstance(self.name, Sentence) else self


LINKS: Final = (
    Link("projects", say("Projects"), "index.html"),
    Link("stages", say("Stages"), "stages/index.html"),
    Link("verify", say("Verify"), "verify/index.html"),
    Link("health", say("Health"), "health/index.html"),
    Link("data", say("Data"), "data/index.html"),
    Link("method", say("Method"), "method/index.html"),
    Link("glossary", say("Glossary"), "glossary/index.html"),
)
#: Of reports about the whole network only.
NETWORK: Final = Link("network", say("Network"), "network/index.html")

#: Where own pages are too many.
MORE: Final = Link(LIST, say("More"), f"{LIST}/index.html")


def navigation(report: Report, content: Content) -> list[Link]:
    """Return the entries in their order: ours, then the maintainer's own pages by name, or a list of many."""
    network = [NETWORK] if report.config.angor.discover == "all" else []
    texts = linked(own_texts(content, report.config.site.languages))
    own = [Link(text.section, text.title, f"{text.name}/index.html", own=True) for text in texts]
    return [*LINKS, *network, *(own if len(texts) <= IN_NAVIGATION else [MORE])]
