"""Every project the report speaks about, joined from the log and the configuration."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Self, TypeVar

from generator.config import Config, ProjectConfig
from generator.ledger import Declaration, Entry, OtherMoney
from generator.places import ANGOR, identifier_in
from generator.report.days import month_text
from generator.report.place_owners import PlaceOwners
from generator.report.project_rows import ProjectRows
from generator.snapshot import (
    Finding,
    Known,
    LoggedRow,
    Outcome,
    OwnNumber,
    Project,
    ProjectPicture,
    Result,
)
from generator.snapshot.records import APP, SETTINGS

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedProject:
    """One project: what the configuration says, what the sources say, and its money."""

    slug: str
    setting: ProjectConfig | None  #: None where the network was discovered
    expected: tuple[str, ...]  #: names of the sources that should speak about it, Angor first
    records: tuple[Project, ...]  #: what they say, in the same order
    rows: ProjectRows
    declarations: tuple[Declaration, ...]
    findings: tuple[Finding, ...]
    other_money: tuple[OtherMoney, ...] = ()  #: ordered by key
    picture: ProjectPicture | None = None  #: of the first record that names one, once it was asked for
    own_numbers: tuple[OwnNumber, ...] = ()  #: what BTCPay's own page counts, by month of creation
    stale: tuple[str, ...] = ()  #: sources that answered, but too long ago: what came since is not known
    named: tuple[Entry, ...] | None = None  #: its rows, each with its period, once those are known

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its rows of money, ordered by time, then id."""
        return self.rows.entries if self.named is None else self.named

    @property
    def when_read(self) -> Self:
        """The same, of the time at which each source was last read."""
        return replace(self, stale=())

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the expected sources, then of others that left records."""
        return tuple(dict.fromkeys([*self.expected, *(record.source for record in self.records)]))

    @property
    def kind(self) -> str:
        """What kind of project it is; of one whose sources have not answered what the configuration tells."""
        bindings = self.setting.bindings if self.setting else ()
        return self.text("kind") or (bindings[0].kind if bindings else "")

    @property
    def all_answered(self) -> bool:
        """Whether every place of this project was delivered."""
        return all(map(self.told_of, self.awaited))

    @property
    def awaited(self) -> tuple[str, ...]:
        """Names of its places in the order in which they decide: Angor, then as they are bound."""
        if self.setting is None:
            return (ANGOR,)
        bound = [binding.place or binding.part for binding in self.setting.bindings]
        return (*([ANGOR] if self.setting.angor else []), *bound)

    def told_of(self, name: str) -> tuple[Project, ...]:
        """Return what is told of one of its places; of one whose store is not known, by any store.

        Of an app that nothing shows, nothing is told.
        """
        return tuple(
            record
            for record in self.records
            if APP not in record.unread and name in (record.source, record.id, record.id.partition("/")[2])
        )

    def text(self, field: str) -> str:
        """Return a text field of the first record that fills it, else the empty text."""
        return next((text for record in self.records if (text := str(getattr(record, field)))), "")

    def deciding(self, names: Callable[[Project], bool]) -> tuple[Project | None, bool]:
        """Return the record that decides about a term, and whether that is known.

        It is the first that `names` the term. While a place before it is
        unread, that one might: then nobody knows.
        """
        for place in self.awaited:
            told = self.told_of(place)
            if record := next((record for record in told if names(record)), None):
                return record, True
            if not told or any(SETTINGS in record.unread for record in told):
                return None, False
        return next((record for record in self.records if names(record)), None), True

    def changed_at(self, known: Known, times: Mapping[str, datetime]) -> datetime | None:
        """Return the time of the last run that observed something new about it; `times` by run id."""
        shown = [self.picture] if self.picture else []
        others = (*self.records, *self.declarations, *self.other_money, *shown)
        runs = self.rows.runs | {run for other in others if (run := known.seen.get(other.key))}
        return max(map(times.__getitem__, runs & times.keys()), default=None)

    def first_seen_at(self, known: Known, times: Mapping[str, datetime]) -> datetime | None:
        """Return the time of the first run that observed one of its records; `times` by run id."""
        runs = (known.first_run(record.key) for record in self.records)
        return min((times[run] for run in runs if run in times), default=None)


def joined_projects(known: Known, config: Config, owners: PlaceOwners) -> list[JoinedProject]:
    """Return every reported project: the configured ones in their order, then the discovered ones by slug."""
    records = _grouped((owners.slug(record.id), record) for record in known.of(Project))
    rows: defaultdict[str, list[LoggedRow]] = defaultdict(list)
    for place, some in known.rows.items():
        rows[owners.slug(place)] += some
    declarations = _grouped(
        (owners.slug(declaration.place), declaration) for declaration in known.of(Declaration)
    )
    findings = _grouped(
        (owners.slug(finding.place), finding) for finding in known.of(Finding) if finding.place
    )
    other_money = _grouped((owners.slug(money.place), money) for money in known.of(OtherMoney))
    left = _grouped((owners.slug(place), told) for place, told in _left(known))
    own_numbers = _grouped((owners.slug(number.place), number) for number in known.of(OwnNumber))
    return [
        JoinedProject(
            slug=slug,
            setting=setting,
            expected=expected,
            records=tuple(sorted(records[slug], key=partial(_rank, expected))),
            rows=ProjectRows(rows[slug], left[slug]),
            declarations=tuple(sorted(declarations[slug], key=lambda row: (row.day, row.key))),
            findings=tuple(sorted(findings[slug], key=lambda finding: finding.key)),
            other_money=tuple(sorted(other_money[slug], key=lambda money: money.key)),
            picture=_picture(known, records[slug], expected),
            own_numbers=tuple(number for number in own_numbers[slug] if number.source in expected),
        )
        for slug, setting in _wanted(known, config).items()
        for expected in [owners.sources(setting, (record.source for record in records[slug]))]
    ]


def _left(known: Known) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield where a row stood that then was told otherwise: place, UTC month and the run that said so."""
    for told in known.history.values():
        for before, after in pairwise(told):
            if isinstance(before.record, Entry):
                yield before.record.place, (month_text(before.record.at), after.run)


def _picture(known: Known, records: Iterable[Project], expected: tuple[str, ...]) -> ProjectPicture | None:
    """Return what was found where the first record that names a picture says that it is."""
    named = [record for record in sorted(records, key=partial(_rank, expected)) if record.picture]
    found = known.records.get(("picture", named[0].source, named[0].id)) if named else None
    return found if isinstance(found, ProjectPicture) and found.address == named[0].picture else None


def hidden_projects(known: Known, config: Config) -> frozenset[str]:
    """Return the identifiers that the moderators' lists leave out, read or not; never a listed one."""
    if config.angor.moderation == "none" or config.angor.discover != "all":
        return frozenset()
    refused = {
        identifier_in(finding.place)
        for finding in known.of(Finding)
        if finding.check == "moderation" and finding.result is Result.FAILED
    }
    return frozenset(refused - {setting.angor for setting in config.projects})


def discovery_answered(known: Known) -> bool:
    """Tell whether Angor ever answered: before that the number of projects itself is unknown."""
    return any(
        asked.source == ANGOR and asked.outcome is Outcome.OK for run in known.runs for asked in run.asked
    )


def _wanted(known: Known, config: Config) -> dict[str, ProjectConfig | None]:
    found: dict[str, ProjectConfig | None] = {setting.slug: setting for setting in config.projects}
    if config.angor.discover == "all":
        hidden = hidden_projects(known, config)
        found |= dict.fromkeys(slug for slug in _discovered(known, config) if slug not in hidden)
    return found


def _discovered(known: Known, config: Config) -> list[str]:
    """Return slugs of Angor projects that no configured project reports already."""
    listed = {setting.angor for setting in config.projects}
    found = {identifier_in(record.id) for record in known.of(Project)}
    return sorted(found - listed - {""})


def _rank(expected: tuple[str, ...], record: Project) -> tuple[bool, int, str]:
    known = record.source in expected
    return (not known, expected.index(record.source) if known else 0, record.source)


def _grouped(pairs: Iterable[tuple[str, T]]) -> defaultdict[str, list[T]]:
    grouped: defaultdict[str, list[T]] = defaultdict(list)
    for slug, value in pairs:
        grouped[slug].append(value)
    return grouped
