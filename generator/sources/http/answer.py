"""A complete answer and the reading of its body; what is wrong with it is the server's, so `Invalid`."""

from dataclasses import dataclass
from typing import TypeVar

import msgspec

from generator.errors import Invalid

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """Status and body, and whom to name when they are wrong."""

    source: str
    subject: str
    host: str
    status: int
    content: bytes
    date: str = ""  #: the server's clock, as the header says it
    content_type: str = ""

    def invalid(self, *parts: str) -> Invalid:
        """Make this answer's error of parts: what was seen, then what was expected or is to be done."""
        return Invalid(self.source, f"{self.subject}: {self.host} {'; '.join(parts)}")

    def decode(self, decoder: msgspec.json.Decoder[T]) -> T:
        """Read the body as JSON of the decoder's type; raise `Invalid`, quoting nothing of the body."""
        self._refuse_page("JSON")
        try:
            return decoder.decode(self.content)
        except msgspec.ValidationError as error:
            observed = f"sent JSON of another shape ({error})"
            raise self.invalid(observed, "is the server's version supported?") from None
        except RecursionError:
            observed = f"sent JSON nested deeper than any answer is ({len(self.content)} bytes)"
            raise self.invalid(observed, "is this the right server?") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            observed = f"sent JSON that is damaged or cut off ({len(self.content)} bytes)"
            raise self.invalid(observed, "the next run asks again") from None

    def text(self) -> str:
        """Read a short ASCII body without surrounding space; raise `Invalid` for anything else."""
        self._refuse_page("plain text")
        try:
            return self.content.decode("ascii").strip()
        except UnicodeDecodeError:
            observed = "sent text that is not ASCII"
            raise self.invalid(observed, "the next run asks again") from None

    def _refuse_page(self, wanted: str) -> None:
        body = self.content.strip()
        if not body:
            observed = f"answered {self.status} with nothing"
            raise self.invalid(observed, f"expected {wanted}")
        if body.startswith(b"<") or self.content_type.startswith("text/html"):
            step = f"expected {wanted}: check the address, and that no login page or proxy stands before it"
            observed = f"answered {self.status} with a web page"
            raise self.invalid(observed, step)
