"""Texts of a certain form, such as names of variables: what is allowed, in words, with an example."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema


class TextForm(msgspec.Struct, frozen=True, kw_only=True):
    """The form of a text; messages, editors and the reference page show the same words."""

    allowed: str  #: such as ``a day``, to follow "must be"
    example: str
    pattern: str = ""  #: for editors, and what `check` holds a text against
    slip: Callable[[str], str] | None = None  #: what somebody did who wrote another text, and the fix

    def check(self, text: str) -> str:
        """Return the text, or raise `ValueError` with a sentence in which the pattern does not stand."""
        if re.fullmatch(self.pattern, text):
            return text
        raise ValueError(self.refusal(text))

    def refusal(self, text: str) -> str:
        """Return what is allowed instead of a text, and how to come there from it."""
        step = self.slip(text) if self.slip else ""
        return f"must be {self.allowed}, such as {self.example}" + (step and f"; {step}")

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core)
        schema.setdefault("examples", [self.example])
        return schema | ({"pattern": f"^{self.pattern}$"} if self.pattern else {})
