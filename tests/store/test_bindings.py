"""A run records which project each place counts for, where that changed."""

from generator.places import angor_place, btcpay_place, store_source
from generator.snapshot import Binding, Known, Line, Project, Withdrawn, fold, news
from generator.snapshot.bindings import UNBOUND, bindings

SHOP = store_source("S1")
REST = btcpay_place("S1", "rest")
WELL = angor_place("angor1qwell")
SHOWN = [Project(id=REST, source=SHOP, kind="store")]


def test_a_binding_is_recorded_once_and_again_when_it_changed() -> None:
    [first] = bindings(SHOP, Known(), SHOWN, {REST: "bread"}.get)  # type: ignore[arg-type]
    assert first == Binding(id=REST, source=SHOP, project="bread")
    known = fold([Line(run="r", record=first), *(Line(run="r", record=record) for record in SHOWN)])
    assert news(known, bindings(SHOP, known, (), lambda _: "bread")) == []
    assert news(known, bindings(SHOP, known, (), lambda _: "oven")) == [
        Binding(id=REST, source=SHOP, project="oven")
    ]


def test_a_place_that_is_no_projects_any_more_is_withdrawn_with_the_reason() -> None:
    bound = Binding(id=REST, source=SHOP, project="bread")
    known = fold([Line(run="r", record=record) for record in (bound, *SHOWN)])
    assert list(bindings(SHOP, known, SHOWN, lambda _: "")) == [
        Withdrawn(id=f"binding/{REST}", source=SHOP, reason=UNBOUND)
    ]
    assert list(bindings("angor", known, (), lambda _: "")) == []


def test_an_angor_project_under_its_own_identifier_needs_none() -> None:
    shown = [Project(id=WELL, source="angor", kind="invest")]
    assert list(bindings("angor", Known(), shown, lambda _: "angor1qwell")) == []
    [named] = bindings("angor", Known(), shown, lambda _: "well")
    assert named == Binding(id=WELL, source="angor", project="well")
