"""What may stand at a place of `config.yaml`, in words: messages and the reference page say the same."""

from datetime import date
from functools import cache, lru_cache
from types import UnionType
from typing import Annotated, Any, Final, Literal, Self, Union, get_args, get_origin

import msgspec
from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from generator.config.config import Config
from generator.config.positions import KeyPath
from generator.config.text_forms import TextForm

_EXAMPLE_DAY: Final = "2027-03-31"


class Shape(msgspec.Struct, frozen=True):
    """A type of the models, taken apart: `base` is a model, Literal, tuple or plain type."""

    base: Any
    metadata: tuple[Any, ...] = ()
    field: FieldInfo | None = None

    @classmethod
    def of(cls, annotation: object, metadata: tuple[Any, ...] = (), field: FieldInfo | None = None) -> Self:
        """Unwrap what is annotated or may be left empty."""
        while True:
            origin, arguments = get_origin(annotation), get_args(annotation)
            if origin is Annotated:
                annotation, metadata = arguments[0], metadata + arguments[1:]
            elif origin in (Union, UnionType):
                annotation = next(part for part in arguments if part is not type(None))
            else:
                return cls(annotation, _flat(metadata), field)

    @property
    def model(self) -> type[BaseModel] | None:
        """The model whose keys stand here."""
        return self.base if isinstance(self.base, type) and issubclass(self.base, BaseModel) else None

    @property
    def item(self) -> Self | None:
        """What a list at this place is made of."""
        return self.of(get_args(self.base)[0]) if get_origin(self.base) is tuple else None

    @property
    def by_code(self) -> Self | None:
        """What stands behind each code of a language at this place."""
        return self.of(get_args(self.base)[1]) if get_origin(self.base) is dict else None

    @property
    def form(self) -> TextForm | None:
        """The form of a text."""
        found: TextForm | None = self._first(TextForm)
        return found

    @property
    def choices(self) -> tuple[str, ...]:
        """The words of which one must stand here."""
        return tuple(map(str, get_args(self.base))) if get_origin(self.base) is Literal else ()

    @property
    def is_free_text(self) -> bool:
        """Tell whether any text may stand here."""
        return self.base is str and self.form is None

    @property
    def is_id(self) -> bool:
        """Tell whether an id of BTCPay stands here."""
        return self.form is not None and self.form.allowed.startswith("an id")

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that may stand here, or in each item of a list."""
        inner = self.item or self
        return tuple(inner.model.model_fields) if inner.model else ()

    @property
    def allowed(self) -> str:
        """Return what must stand here, to follow "must be"."""
        if self.form:
            return self.form.allowed
        if self.choices:
            return ("one of " if len(self.choices) > 1 else "") + ", ".join(self.choices)
        if self.item:
            return f"a list, each item {self.item.allowed}"
        if self.by_code:
            return f"the codes of languages, each with {self.by_code.allowed}"
        if self.model:
            return f"keys such as {', '.join(self.keys)}"
        words = {bool: "true or false", date: "a day, written year-month-day"}
        return words.get(self.base) or (self._letters() if self.base is str else self._numbers())

    @property
    def example(self) -> str:
        """Return a value that may stand here, as it is written; empty for a group of keys."""
        fields = [word for word in (self.field, *self.metadata) if isinstance(word, FieldInfo)]
        if given := next((field.examples for field in fields if field.examples), None):
            return _flow(given[0]) if isinstance(given[0], dict) else str(given[0])
        if self.form:
            return self.form.example
        if self.item:
            return f"[{self.item.example}]" if self.item.example else ""
        default = self.field.default if self.field else None
        if isinstance(default, (bool, int, str)) and default != "":
            return str(default).lower() if self.base is bool else str(default)
        if self.choices:
            return self.choices[0]
        return {bool: "true", date: _EXAMPLE_DAY, int: str(self._least() or 1)}.get(self.base, "")

    def _first(self, kind: type[Any]) -> Any:  # noqa: ANN401 -- of that kind, or None
        return next((word for word in self.metadata if isinstance(word, kind)), None)

    def _letters(self) -> str:
        least, most = self._first(MinLen), self._first(MaxLen)
        if most is None:
            return f"a text of {least.min_length} letters or more" if least else "a text"
        return f"a text of {f'{least.min_length} to' if least else 'at most'} {most.max_length} letters"

    def _least(self) -> int | float | None:
        least, above = self._first(Ge), self._first(Gt)
        return least.ge if least else above.gt + 1 if above else None

    def _numbers(self) -> str:
        most, kind = self._first(Le), "a whole number" if self.base is int else "a number"
        least = self._least()
        span = "" if least is None else f" from {least} to {most.le}" if most else f" from {least} up"
        return kind + span


def _flow(example: dict[str, str]) -> str:
    return f"{{{', '.join(f'{code}: {text}' for code, text in example.items())}}}"


def _flat(metadata: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the metadata with what pydantic's `Field` and `StringConstraints` hold."""
    found: list[Any] = []
    for word in metadata:
        inner = getattr(word, "metadata", None)
        if isinstance(word, FieldInfo) and inner is not None:
            found += [word, *inner]
        elif hasattr(word, "__iter__") and not isinstance(word, type):
            found += word
        else:
            found.append(word)
    return tuple(found)


def shape_at(path: KeyPath) -> Shape | None:
    """Return what may stand at a path of the configuration, None where nothing may."""
    return _shape(tuple(0 if isinstance(part, int) else part for part in path))


@lru_cache(maxsize=1024)
def _shape(path: KeyPath) -> Shape | None:
    shape = Shape(Config)
    for part in path:
        if isinstance(part, int):
            if shape.item is None:
                continue  # written alone where a list may stand
            shape = shape.item
            continue
        if shape.by_code:
            shape = shape.by_code
            continue
        model = (shape.item or shape).model
        field = model.model_fields.get(part) if model else None
        if field is None:
            return None
        shape = Shape.of(field.annotation, tuple(field.metadata), field)
    return shape


@cache
def homes() -> dict[str, str]:
    """Return the dotted place below which each key is known, the highest of several."""
    found: dict[str, str] = {}
    waiting: list[tuple[str, Shape]] = [("", Shape(Config))]
    while waiting:
        place, shape = waiting.pop(0)
        model = (shape.item or shape).model
        if model is None:
            continue
        for name, field in model.model_fields.items():
            found.setdefault(name, place)
            inner = Shape.of(field.annotation, tuple(field.metadata), field)
            waiting.append((f"{place}.{name}".removeprefix("."), inner))
    return found
