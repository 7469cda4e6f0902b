"""Records of tests name a project by its slug; here the place that its money has takes the slug's stead."""

from typing import TypeVar

import msgspec

from generator.config import Config
from generator.ledger import Declaration, Entry, OtherMoney
from generator.places import ANGOR, BTCPAY, angor_place, part_of_store, store_source
from generator.snapshot import Finding, OwnNumber, Project, ProjectPicture, Record, Withdrawn

R = TypeVar("R", bound=Record)


def place_of(slug: str, source: str, config: Config) -> str:
    """Return where `source` has the money of a project; what is a place already, or empty, stays."""
    if ":" in slug or not slug:
        return slug
    setting = next((project for project in config.projects if project.slug == slug), None)
    if source == ANGOR:
        return angor_place((setting and setting.angor) or slug)
    bindings = [
        binding
        for binding in (setting.bindings if setting else ())
        if not binding.store or store_source(binding.store) == source
    ]
    part = bindings[0].part if bindings else part_of_store("crowdfund", slug)
    return f"{BTCPAY}:{source.removeprefix(f'{BTCPAY}-')}/{part}"


def located(record: R, config: Config) -> R:
    """Return a record with places where it has slugs."""
    match record:
        case Entry() | Declaration() | OtherMoney() | Finding() | OwnNumber():
            place = place_of(record.place, record.source, config)
            return msgspec.structs.replace(record, place=place)
        case Project() | ProjectPicture():
            return msgspec.structs.replace(record, id=place_of(record.id, record.source, config))
        case Withdrawn(withdraws=("project", source, slug)):
            return msgspec.structs.replace(record, id=f"project/{place_of(slug, source, config)}")
        case _:
            return record
