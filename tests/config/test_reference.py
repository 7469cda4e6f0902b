"""The reference page and the schema for editors say what each key is, what is allowed, and an example."""

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from generator.config import Config, schema
from generator.config.positions import KeyPath, dotted
from generator.config.reference import reference
from generator.config.shape import Shape, shape_at
from tests.config.mistakes import GOOD
from tools.reference import PAGE, SCHEMA
from tools.reference import schema as schema_file


def leaves(path: KeyPath, shape: Shape) -> Iterator[KeyPath]:
    """Yield the path of each key that has a value of its own."""
    model = (shape.item or shape).model
    for name in model.model_fields if model else ():
        inner = shape_at((*path, name))
        assert inner is not None
        if inner.keys:
            yield from leaves((*path, name), inner)
        else:
            yield (*path, name)


KEYS = list(leaves((), Shape(Config)))


def test_the_page_is_what_the_models_are() -> None:
    assert PAGE.read_text() == reference(), "run `make reference`"
    assert SCHEMA.read_text(encoding="utf-8") == schema_file(), "run `make reference`"
    assert len(KEYS) > 50


@pytest.mark.parametrize("path", KEYS, ids=dotted)
def test_each_key_has_words_and_an_example_that_is_accepted(path: KeyPath) -> None:
    shape = shape_at(path)
    assert shape is not None
    assert shape.field is not None
    assert shape.field.description
    assert shape.allowed
    assert shape.example, "Field(examples=[…]) is missing"
    annotation: Any = shape.field.annotation
    kind = Annotated[annotation, *shape.field.metadata] if shape.field.metadata else annotation
    TypeAdapter(kind).validate_python(yaml.safe_load(shape.example))


def test_editors_accept_what_check_accepts_and_show_examples() -> None:
    document = schema()
    Draft202012Validator.check_schema(document)
    validator = Draft202012Validator(document)
    assert list(validator.iter_errors(as_editors_read())) == []
    project = document["$defs"]["ProjectConfig"]["properties"]
    assert project["slug"]["examples"] == ["village-well"]
    assert not validator.is_valid(as_editors_read() | {"network": "mainnet"})


def as_editors_read() -> dict[str, object]:
    """Return `GOOD` as JSON has it, in which a day is a text."""
    found: dict[str, object] = yaml.safe_load(GOOD)
    projects: Any = found["projects"]
    projects[0]["goal"]["deadline"] = "2027-03-31"
    return found
