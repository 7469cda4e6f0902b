"""A copy of a site with what could be read of it: its log, its recipe, and the report that follows."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self, TypeAlias

import msgspec

from generator.config import Config
from generator.config.rules import counted_once
from generator.errors import SunlitError
from generator.language import Language
from generator.pages import Content
from generator.pages.files import RECIPE
from generator.report import Report, build
from generator.snapshot import Known, Run
from generator.unreadable import UNREADABLE
from generator.verify.config_bounds import MOST_CONFIG_VALUES, is_bounded
from generator.verify.editions_check import PublishedEditions
from generator.verify.log_check import PublishedLog, read_log
from generator.verify.published_inputs import languages_of
from generator.verify.site_copy import SiteCopy
from generator.verify.step_table import Needs

#: Hears the question of a step, and how many hundredths of it are done.
Tell: TypeAlias = Callable[[str, int], None]


def unheard(question: str, percent: int) -> None:
    """Tell nobody how far it is."""


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``recipe.json`` says."""

    schema: int
    sunlit: str
    libraries: dict[str, str]
    config: dict[str, Any]
    inputs: dict[str, str]  #: sha256 by path, of what the maintainer wrote
    templates: dict[str, str]  #: sha256 by name, of Sunlit's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What this installation would make a site with."""

    content: Content  #: templates, state table, schemas, library versions; pages and log come from the copy
    exact: bool  #: this machine promises the same bytes (Linux on x86-64)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSite:
    """What the steps of verification look at."""

    copy: SiteCopy
    installation: Installation
    log: PublishedLog
    recipe: Recipe | None  #: None when it is missing or cannot be read
    report_or_reason: Report | str
    editions: PublishedEditions
    languages: Mapping[str, Language]  #: by code, those of its own catalogues among them
    jobs: int = 1  #: processes that share what concerns one file at a time
    tell: Tell = unheard

    @classmethod
    def read(cls, copy: SiteCopy, installation: Installation, *, jobs: int = 1, tell: Tell = unheard) -> Self:
        """Read what can be read; what cannot is told by `lacks`, and by the check that is about it."""
        log, recipe, editions = read_log(copy.log), _recipe(copy), PublishedEditions.of(copy)
        report, languages = _report(recipe, log, editions), dict[str, Language]()
        try:
            languages = languages_of(copy)
        except SunlitError as error:
            report = f"a catalogue cannot be used: {str(error).splitlines()[0]}"
        if isinstance(report, Report) and (codes := set(report.config.site.languages) - languages.keys()):
            report = f"pages are in {min(codes)}, and no catalogue of it is published"
        return cls(
            copy=copy,
            installation=installation,
            log=log,
            recipe=recipe,
            report_or_reason=report,
            editions=editions,
            languages=languages,
            jobs=jobs,
            tell=tell,
        )

    def lacks(self, needs: Needs) -> str:
        """Return why a step with these needs cannot be made, empty when it can."""
        if needs >= Needs.LOG and self.log.last is None:
            return "the log could not be read"
        if needs >= Needs.REPORT and isinstance(self.report_or_reason, str):
            return "the log gives no report"
        return ""

    @property
    def known(self) -> Known:
        """What the log says; raise `LookupError` when it could not be read."""
        if self.log.known is None:
            raise LookupError(self.lacks(Needs.LOG))
        return self.log.known

    @property
    def last(self) -> Run:
        """The run that the site is made as of; raise `LookupError` when the log could not be read."""
        if self.log.last is None:
            raise LookupError(self.lacks(Needs.LOG))
        return self.log.last

    @property
    def report(self) -> Report:
        """What the site must say; raise `LookupError` when there is no report."""
        if isinstance(self.report_or_reason, str):
            raise LookupError(self.report_or_reason)  # noqa: TRY004 -- it is no wrong type, there is none
        return self.report_or_reason


def _recipe(copy: SiteCopy) -> Recipe | None:
    try:
        recipe = msgspec.json.decode(copy.files[RECIPE], type=Recipe)
    except (KeyError, *UNREADABLE):
        return None
    return recipe if is_bounded(recipe.config) else None


def _report(recipe: Recipe | None, log: PublishedLog, editions: PublishedEditions) -> Report | str:
    if recipe is None:
        return f"{RECIPE} is missing, cannot be read, or has more than {MOST_CONFIG_VALUES} values"
    if log.known is None or log.last is None:
        return "the log could not be read"
    try:
        config = Config.model_validate_json(json.dumps(recipe.config))
        for _, message, _ in counted_once(recipe.config):
            return f"the configuration of {RECIPE} counts twice: {message}"
        return replace(build(log.known, config, demo=log.last.demo), editions=editions.editions)
    except (SunlitError, ValueError, ArithmeticError, RecursionError) as error:
        return f"the log gives no report: {str(error).splitlines()[0]}"
