"""What the maintainer calls site and projects: pages are made once for each language that has own words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from generator.config import Config
from generator.language import Language
from generator.pages.surroundings import ProjectSurroundings, SiteWords
from generator.report import ProjectReport, Report
from generator.report.remembered_projects import RememberedProject

Around = TypeVar("Around", Report, ProjectSurroundings, SiteWords)


def wordings(
    languages: Sequence[Language], texts: Iterable[Mapping[str, str]]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each language in whose words pages are made, with all languages of which these are the words."""
    own = {code for each in texts for code in each}
    first, *others = (language.code for language in languages)
    yield first, frozenset([first, *(code for code in others if code not in own)])
    yield from ((code, frozenset([code])) for code in others if code in own)


def versions(report: Around, languages: Sequence[Language]) -> Iterator[tuple[Around, frozenset[str]]]:
    """Yield a report in the words of each language that has own ones, with all languages it is for."""
    for code, codes in wordings(languages, texts_of(report)):
        yield said_in(report, code), codes


def texts_of(report: Report | ProjectSurroundings | SiteWords) -> Iterator[Mapping[str, str]]:
    """Yield what is said of a site in other languages, by code."""
    yield report.titles
    if isinstance(report, (Report, ProjectSurroundings)):
        yield report.config.site.descriptions
    if isinstance(report, Report):
        yield from (project.titles for project in report.projects)


def said_in(report: Around, code: str) -> Around:
    """Return a report, or what stands around a part of it, in the maintainer's words of a language."""
    said = replace(report, title=report.titles.get(code, report.title))
    if isinstance(said, ProjectSurroundings):
        return replace(said, config=_config(said.config, code))
    if isinstance(said, Report):
        projects = tuple(called_in(project, code) for project in said.projects)
        return replace(said, config=_config(said.config, code), projects=projects)
    return said


def called_in(project: ProjectReport, code: str) -> ProjectReport:
    """Return a project under its name in a language."""
    title = project.titles.get(code)
    if title is None:
        return project
    return project.called(title) if isinstance(project, RememberedProject) else replace(project, title=title)


def _config(config: Config, code: str) -> Config:
    description = config.site.descriptions.get(code, config.site.description)
    return config.model_copy(update={"site": config.site.model_copy(update={"description": description})})
