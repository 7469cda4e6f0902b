"""Several processes make the same bytes as one."""

import os

import pytest

from benchmarks.crowd import config, lines
from generator import inputs, pages, report
from generator.build import executors
from generator.build.executors import make_units
from generator.pages.site import studio_of, units
from generator.report import Report
from generator.snapshot import fold
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def built() -> Report:
    return report.build(fold(lines(20, busy=0.9)), config(), demo=False)


@pytest.fixture(scope="module")
def content() -> pages.Content:
    return pages.Content(templates=inputs.templates(ROOT), pages=inputs.pages(ROOT))


def made(built: Report, content: pages.Content, jobs: int) -> dict[str, tuple[object, str]]:
    found = make_units(units(built, content), studio_of(built, content), jobs=jobs)
    return {unit.id: (dict(files), told) for unit, (files, told) in found}


def test_processes_make_the_same_bytes_and_a_lost_one_costs_nothing(
    built: Report, content: pages.Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "FEW", 2)
    alone = made(built, content, 1)
    assert made(built, content, 2) == alone
    monkeypatch.setattr(executors, "_begin", _end)
    assert made(built, content, 2) == alone


def _end(_studio: object) -> None:
    os._exit(1)


def test_a_template_that_cannot_be_used_has_its_place(
    built: Report, content: pages.Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "FEW", 2)
    broken = {**content.templates, "project.html": b"\n{{ nobody.knows }}"}
    other = pages.Content(templates=broken, pages=content.pages)
    with pytest.raises(Exception, match="nobody") as raised:
        made(built, other, 2)
    assert pages.fault_place(raised.value) == ("templates/project.html", 2)
