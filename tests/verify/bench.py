"""The forger's bench: an honest log to forge, what its forger recomputes, and what finds it out."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from io import BytesIO
from typing import Final

import msgspec
from PIL import Image

from generator.config import Config
from generator.ledger import Declaration, Entry
from generator.packed import pack
from generator.pages.files import RECIPE, log_path
from generator.places import BTCPAY, VOIDS
from generator.report.source_names import source_kind
from generator.snapshot import (
    EventRecord,
    Line,
    Project,
    ProjectPicture,
    Run,
    VoidedRun,
    Withdrawn,
    decode,
    run_id,
)
from generator.snapshot.takedown import redacted, redactions_of
from generator.verify.published_site import Installation, PublishedSite
from generator.verify.site_copy import SiteCopy
from generator.verify.step_table import STEPS
from generator.verify.steps import results_of
from tests.verify.forged_files import FileForgery, file_forgeries
from tests.verify.forger import Lines, lines_of, log_of, site_of
from tests.verify.forgeries import Forgery, decided_again, forgeries
from tests.verify.original import Original

#: Where the picture of a project is said to be.
ADDRESS: Final = "https://images.example.org/well.jpg"
#: Steps that compare files, which a forger of the log makes again.
_OF_FILES: Final = ("manifest", "schemas", "figures", "rebuild")
#: What sealing a log writes anew; who forges them leaves them so.
_SEALS: Final = ("files", "snapshot")
OF_THE_LOG: Final = tuple(step for step in STEPS if step.name not in _OF_FILES)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """An honest log, what stands behind it, and who judges it."""

    lines: Lines
    config: Config
    files: Mapping[str, bytes]  #: of a site of its first run
    installation: Installation
    another: Callable[[], Original]  #: the honest site of another world

    @cached_property
    def honest(self) -> dict[str, bytes]:
        """The log that nobody forged."""
        return log_of(self.lines)

    @cached_property
    def _elsewhere(self) -> Lines:
        return with_later_runs(lines_of(self.another().copy))

    @cached_property
    def forgeries(self) -> tuple[Forgery | FileForgery, ...]:
        """All of this log and its site."""
        return (
            *forgeries(self.lines, lambda: self._elsewhere),
            *file_forgeries(self.files, lambda: self.another().copy.files),
        )

    def log(self, forgery: Forgery) -> dict[str, bytes]:
        """Return the log as its forger seals it."""
        after = forgery.edit(self.lines)
        after = decided_again(after) if isinstance(forgery.subject, Entry) else after
        return log_of(after, sealed=forgery.field.partition(".")[0] not in _SEALS)

    def judge(self, forgery: Forgery | FileForgery) -> Iterator[str]:
        """Yield the names of the checks that find a forgery; raise `AssertionError` where nothing changed."""
        if isinstance(forgery, FileForgery):
            return self.files_found_by(forgery)
        log = self.log(forgery)
        assert log != self.honest, f"{forgery.of} {forgery.way} changes nothing"
        return self.found_by(log)

    def found_by(self, log: dict[str, bytes]) -> Iterator[str]:
        """Yield the names of the checks that find a log to be forged, whatever files stand around it."""
        files = {RECIPE: self.files[RECIPE]} | {log_path(path): pack(data) for path, data in log.items()}
        copy = SiteCopy(subject="log", files=files, listed=True)
        site = PublishedSite.read(copy, self.installation)
        for step in OF_THE_LOG:
            yield from (check.name for check in results_of(step, site) if check.result == "failed")
        if isinstance(site.report_or_reason, str):
            yield "recipe"

    def files_found_by(self, forgery: FileForgery) -> Iterator[str]:
        """Yield the names of the checks that find a site's files to be forged."""
        site = PublishedSite.read(self.site(forgery), self.installation)
        for step in STEPS:
            yield from (check.name for check in results_of(step, site) if check.result == "failed")

    def site(self, forgery: Forgery | FileForgery) -> SiteCopy:
        """Return the site that a forger publishes."""
        if isinstance(forgery, Forgery):
            return self.whole(self.log(forgery))
        return SiteCopy(subject="site", files=forgery.files(self.files), listed=True)

    def whole(self, log: dict[str, bytes]) -> SiteCopy:
        """Return the site that a forger makes of a log."""
        return SiteCopy(subject="site", files=site_of(log, self.config), listed=True)


def bench(original: Original, installation: Installation, another: Callable[[], Original]) -> Bench:
    """Return a bench with the log of a site; of another world it is asked for once, and only where needed."""
    honest = log_of(with_later_runs(lines_of(original.copy)))
    return Bench(
        lines=[line for path, data in sorted(honest.items()) for line in decode(path, data)[1]],
        config=original.config,
        files=original.copy.files,
        installation=installation,
        another=cache(another),
    )


def with_later_runs(lines: Lines) -> Lines:
    """Return a log of which projects have pictures, with three more runs.

    In the second one a declaration is taken back and a founder's profile taken down; the fourth one
    says that the third one counts no more.
    """
    [run] = [line.record for line in lines if isinstance(line.record, Run)]
    times = [run.at + timedelta(hours=number) for number in (1, 2, 3)]
    again = [msgspec.structs.replace(run, id=run_id(at, run.snapshot), at=at) for at in times]
    second, third, fourth = (later.id for later in again)
    lines = with_pictures(lines)
    records = [line.record for line in lines]
    gone = next(record for record in records if isinstance(record, Declaration))
    back = Withdrawn(id=f"declaration/{gone.id}", source=gone.source, reason="the server lists it no more")
    profile = [record for record in records if isinstance(record, EventRecord) and '"kind":0,' in record.json]
    taken = redactions_of(profile[-1].id, records, "its author asks for it")
    standing = {redaction.key: redaction for redaction in taken}
    return [
        *(Line(run=line.run, record=redacted(line.record, standing)) for line in lines),
        *(Line(run=second, record=record) for record in (back, *taken)),
        Line(run=third, record=msgspec.structs.replace(gone, count=gone.count + 1)),
        Line(run=fourth, record=VoidedRun(id=third, source=VOIDS, reason="its server was restored later")),
        *(Line(run=later.id, record=later) for later in again),
    ]


def with_pictures(lines: Lines) -> Lines:
    """Return a log with what was found where projects, and the first one of a store, have their pictures."""
    named = False  # a store's
    found: Lines = []
    for line in lines:
        place = line.record
        if not isinstance(place, Project):
            found.append(line)
            continue
        if source_kind(place.source) == BTCPAY and not named:
            place, named = msgspec.structs.replace(place, picture=ADDRESS), True
        found.append(Line(run=line.run, record=place))
        if place.picture:
            picture = ProjectPicture(
                id=place.id,
                source=place.source,
                address=place.picture,
                webp=_webp(len(found)),
                evidence=place.evidence,
            )
            found.append(Line(run=line.run, record=picture))
    return found


def _webp(width: int) -> str:
    with BytesIO() as file:
        Image.new("RGB", (32 + width % 32, 20), "#28a197").save(file, "WEBP")
        return b64encode(file.getvalue()).decode()
