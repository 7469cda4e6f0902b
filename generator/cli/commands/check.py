"""`sunlit check`: every mistake in what a maintainer writes, before anything runs."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import click

from generator.cli.exit_codes import Exit
from generator.cli.options import config_option, summary_option
from generator.cli.terminal import Terminal
from generator.errors import ConfigError, LogError, Problem
from generator.text_format import counted

_PRINTED: Final = ("severity", "code", "file", "line", "column", "path", "message")

#: What stands in content/ and is read, or told about.
_CONTENT: Final = ("README.md", "editions", "notes.yaml", "pages", "snapshots", "static", "theme")


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--github", is_flag=True, help="Print annotations for GitHub Actions.")
@click.option("--secrets/--no-secrets", default=False, help="Also check that named secrets are set.")
@click.option("--strict", is_flag=True, help="Warnings end with exit code 2.")
@summary_option
@click.pass_obj
def check(
    terminal: Terminal, *, config: Path, as_json: bool, github: bool, secrets: bool, strict: bool
) -> int:
    """Find every mistake in config, log, content and templates, offline.

    Prints one line a problem with file, line and column; exits 1 if there is one. What is allowed and
    hardly meant is a warning.
    """
    from generator.cli.job_summary import annotations, tell_problems

    found = _Findings()
    found.look(config, secrets=secrets)
    everything = found.problems + found.warnings
    if as_json:
        rows = [{name: getattr(problem, name) for name in _PRINTED} for problem in everything]
        terminal.result(json.dumps(rows, indent=2))
    tell_problems(terminal, everything)
    if github and not as_json:
        for line in annotations(everything):
            terminal.annotate(line)
    for problem in [] if as_json or github else everything:
        terminal.result(str(problem))
    warned = counted(len(found.warnings), "warning") if found.warnings else ""
    if found.problems:
        counts = counted(len(found.problems), "problem") + (warned and f" and {warned}")
        terminal.log(f"{counts} found; nothing was asked of the network")
        return Exit.WRONG_USE
    terminal.log(f"No problem in {', '.join(found.checked)}" + (warned and f"; {warned}") + ".")
    return Exit.WARNED if strict and found.warnings else Exit.DONE


@dataclass(slots=True)
class _Findings:
    """What was looked at, and what is wrong with it."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    codes: tuple[str, ...] = ()  #: of the site's languages
    named: set[Path] = field(default_factory=set)  #: files that the configuration names

    def look(self, config: Path, *, secrets: bool) -> None:
        from generator.inputs import refuse_foreign

        try:
            refuse_foreign(config.parent)
        except ConfigError as error:  # nothing of it is read
            self.problems += error.problems
            return
        rates = self._config(config, secrets=secrets)
        self._log(config.parent / "content/snapshots")
        self.checked += rates
        self._templates(config.parent)
        self._languages(config.parent)
        self._unread(config.parent)

    def _config(self, config: Path, *, secrets: bool) -> list[str]:
        """Read the configuration; return words about the file of rates, if it names one."""
        from generator.cli.site_folder import load_site
        from generator.config import secrets as named_secrets

        self.checked.append(str(config))
        try:
            site = load_site(config)
            self.warnings += site.document.warnings
            self.codes = site.config.site.languages
            self.named = {site.root / file for file in (site.config.sources.rates.file,) if file}
            file, count = site.config.sources.rates.file, len(site.own_rates)
            if secrets:
                named_secrets(site.config, os.environ, site.document)
        except ConfigError as error:
            self.problems += error.problems
            self.warnings += error.warnings
            return []
        return [f"{file} ({counted(count, 'rate')})"] if file else []

    def _log(self, log: Path) -> None:
        from generator import store

        try:
            known = store.load(log)
        except LogError as error:
            self.problems.append(Problem(file=str(log), path="", message=str(error), code="log"))
        else:
            runs, records = counted(len(known.runs), "run"), counted(len(known.records), "record")
            self.checked.append(f"the log ({runs}, {records})")

    def _unread(self, root: Path) -> None:
        """Warn of what stands in content/ and is no part of the report, such as a page beside pages/."""
        from generator.config.hints import hint

        folder = root / "content"
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            if path.name in _CONTENT or path.name.startswith(".") or path in self.named:
                continue
            where = " pages stand in content/pages;" if path.suffix == ".md" else ""
            close, file = hint(path.name, _CONTENT) or ";", f"content/{path.name}"
            message = f"no report reads this{close}{where} allowed: {', '.join(_CONTENT)}"
            self.warnings.append(
                Problem(file=file, path="", message=message, code="unread", severity="warning")
            )

    def _languages(self, root: Path) -> None:
        from generator.catalogues import languages, own_catalogues, untranslated

        try:
            own = own_catalogues(root)
            self.warnings += untranslated(languages(own, dict.fromkeys((*self.codes, *own))).values())
        except ConfigError as error:
            self.problems += error.problems

    def _templates(self, root: Path) -> None:
        from generator import inputs, pages
        from generator.pages.template_blocks import outdated
        from generator.pages.template_numbers import own_numbers
        from generator.report.annotations import annotations

        try:
            templates, texts = inputs.templates(root), inputs.pages(root)
            static = inputs.static_files(root)
            annotations(inputs.notes(root), self.codes)
            inputs.editions(root / "content/editions")
        except ConfigError as error:
            self.problems += error.problems
            return
        self.problems += (
            Problem(
                file=inputs.theme_file(root, name) or f"templates/{name}",
                line=line,
                path="",
                message=message,
                code="template",
            )
            for name, line, message in pages.template_faults(templates)
        )
        self.problems += pages.text_faults(texts, static, self.codes)
        for folder, theme in inputs.themes(root).items():
            self.warnings += outdated(theme, folder)
            self.warnings += own_numbers(theme, inputs.default_templates(), folder)
        self.checked.append(f"{len(templates)} templates and {counted(len(texts), 'content page')}")
