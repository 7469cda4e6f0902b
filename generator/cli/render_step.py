"""The second half of the job: a report from the log, and its site on disk."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from generator import pages, publish, store
from generator.build.cache import BuildCache, CachedSite, SiteSummary, save
from generator.build.code_stamp import libraries
from generator.build.compiled_templates import compiled_templates
from generator.build.executors import make_units
from generator.build.log_cache import load_log, save_log
from generator.build.made_ahead import log_made_ahead
from generator.build.project_cache import load_projects, save_projects
from generator.build.schema_files import made_schema_files, schema_files
from generator.build.site_files import SiteFiles
from generator.build.standing_site import SiteRows, site_key
from generator.cli.report_step import report_from
from generator.cli.report_words import words_of
from generator.cli.site_folder import SiteFolder
from generator.cli.site_inputs import SiteInputs
from generator.cli.site_paths import NAMED
from generator.cli.source_lines import source_lines
from generator.cli.terminal import Terminal
from generator.errors import ConfigError, NothingPublishable, Problem
from generator.file_rows import FileRow, FileRows, disk_now_ns, moved, settled
from generator.inputs import THEME_FOLDERS, theme_file
from generator.language import ENGLISH, Language
from generator.pages import Content
from generator.pages.file_kinds import of_kinds
from generator.pages.files import given_files
from generator.pages.listing import listing_files
from generator.pages.site import recipe_of, studio_of, units
from generator.publish import PublishResult
from generator.report import Report
from generator.report.remembered_projects import ProjectMemory
from generator.snapshot import LogMemory, Outcome
from generator.sources.btcpay.state_table import STATES
from generator.units.key import digest

if TYPE_CHECKING:
    from generator.build.dask_workers import DaskWorkers


def content_from(  # noqa: PLR0913 -- one parameter for each input
    templates: Mapping[str, bytes],
    *,
    pages: Mapping[str, str],
    log: Mapping[str, bytes],
    log_hashes: Mapping[str, str] | None = None,
    theme: Mapping[str, bytes] | None = None,
    languages: Mapping[str, Language] | None = None,
    catalogues: Mapping[str, bytes] | None = None,
    notes: str = "",
    static: Mapping[str, bytes] | None = None,
    schemas: Mapping[str, bytes] | None = None,
) -> Content:
    """Return templates, texts and log with what this installation adds to every site."""
    return Content(
        templates=templates,
        theme=theme or {},
        pages=pages,
        notes=notes,
        static=static or {},
        log=log,
        log_hashes=log_hashes or {},
        languages=languages or {ENGLISH.code: ENGLISH},
        catalogues=catalogues or {},
        libraries=libraries(),
        states=[
            (*state, treatment.status, treatment.group, treatment.reason)
            for state, treatment in STATES.items()
        ],
        schemas=schemas or made_schema_files(),
    )


def render_site(
    terminal: Terminal,
    site: SiteFolder,
    rows: SiteRows,
    known: BuildCache,
    *,
    jobs: int,
    dask: "DaskWorkers | None" = None,
) -> tuple[SiteSummary, PublishResult]:
    """Render the log into the output folder, swapped in whole; return what is to be said of it.

    `rows` were found before anything was read. Raise `NothingPublishable` where the configuration wants all
    sources or nothing, and the last run did not read them all.
    """
    with _uncollected():
        inputs = SiteInputs.read(site, rows)
        remembered = load_projects(site.project_cache, terminal.log)
        memory = ProjectMemory(remembered, partial(digest, inputs.code))
        read = LogMemory(load_log(site.log_cache, inputs.log, terminal.log), inputs.code)
        # one job keeps to one core, and of a site that stands few files of the log are new
        with log_made_ahead(inputs.log if jobs > 1 and not known.units else {}) as ahead:
            built = report_from(log := store.folded(inputs.log, read, inputs.log_hashes), site, memory)
    save_log(site.log_cache, read.kept, read.known, terminal.log)
    save_projects(site.project_cache, memory.kept, remembered, terminal.log)
    _refuse_gaps(built)
    content = _content(inputs)
    words = words_of(built, content, log, site.config, source_lines(site))
    for text in words.texts:
        terminal.warn(text)
    try:
        studio = studio_of(built, content)
        made = SiteFiles(
            units(built, content),
            recipe_of(built, content, inputs.code),
            known=known.units,
            standing=rows.standing(known),
            make=partial(
                make_units,
                studio=studio,
                put=publish.writer_for(site.output),
                jobs=jobs,
                dask=dask,
                ahead=ahead,
            ),
        )
        with compiled_templates(inputs.code):
            published = _published(site, built, content, made, known.pixels)
    except Exception as error:
        if (place := pages.fault_place(error)) is None:
            raise
        raise _template_fault(error, *place, root=site.root) from error
    _remember(terminal, site, rows.inputs, published, made, words)
    return replace(words, missing=(*made.faults, *words.missing)), published


@contextmanager
def _uncollected() -> Iterator[None]:
    """Have Python not look for circles in millions of values that have none, now or later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _published(
    site: SiteFolder, built: Report, content: Content, made: SiteFiles, pixels: Mapping[str, str]
) -> PublishResult:
    return publish.publish(
        site.output,
        chain(of_kinds(given_files(built, content)).items(), made),
        report=built,
        listing=partial(_listing, built, content),
        pixels=pixels,
    )


def _content(inputs: SiteInputs) -> Content:
    return content_from(
        inputs.templates,
        theme=inputs.theme,
        pages=inputs.texts,
        notes=inputs.notes,
        static=inputs.static,
        log=inputs.log,
        log_hashes=inputs.log_hashes,
        languages=inputs.languages,
        catalogues=inputs.catalogues,
        schemas=schema_files(inputs.code),
    )


def _refuse_gaps(built: Report) -> None:
    lacking = (state for state in built.sources if not state.closed)
    failed = [state for state in lacking if state.outcome not in (None, Outcome.OK)]
    if failed and built.config.quality.on_source_failure == "fail":
        reasons = "; ".join(f"{state.label}: {state.message}" for state in failed)
        why = f"quality.on_source_failure is fail, and not every source answered the last run ({reasons})"
        msg = f"{why}; the output is untouched"
        raise NothingPublishable(msg)


def _listing(built: Report, content: Content, rows: Mapping[str, FileRow]) -> Mapping[str, bytes]:
    return listing_files(built, content, {path: (row.sha256, row.size) for path, row in rows.items()})


def _remember(
    terminal: Terminal,
    site: SiteFolder,
    before: FileRows,
    published: PublishResult,
    made: SiteFiles,
    words: SiteSummary,
) -> None:
    """Keep for the next build what this one was made from.

    As a whole only what has no fault, and whose inputs stood still while they were read.
    """
    now_ns = disk_now_ns(site.cache)
    inputs = site.input_rows(site.named, {name: row for name, row in before.items() if row is not None})
    key = site_key(inputs, demo=site.demo)
    whole = None
    if key and not made.faults and _read(inputs) == _read(before):
        whole = CachedSite(
            key=key,
            named=tuple(site.named),
            count=published.count,
            size=published.size,
            words=words,
        )
    cache = BuildCache(
        site=whole,
        units=made.units,
        inputs=settled(inputs, now_ns),
        output=settled(moved(site.output, published.files, published.moved), now_ns),
        pixels=dict(published.pixels),
    )
    save(site.cache, cache, terminal.log)


def _read(rows: FileRows) -> FileRows:
    """Return the rows without those of named files, whose names a new configuration may have changed."""
    return {name: row for name, row in rows.items() if not name.startswith(NAMED)}


def _template_fault(error: Exception, file: str, line: int, *, root: Path) -> ConfigError:
    own = theme_file(root, file.removeprefix("templates/"))
    if own is not None:
        step = "correct it, or take the file away to use Sunlit's own"
    elif any((root / folder).is_dir() for folder in THEME_FOLDERS):
        step = "does one of your own templates lack what this one takes from it?"
    else:
        step = "tell the makers of Sunlit"
    message = f"this template cannot be used ({type(error).__name__}: {error}); {step}"
    return ConfigError(Problem(file=own or file, line=line, path="", message=message, code="template"))
