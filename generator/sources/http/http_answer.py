"""An answer of one server, and the errors made of it: a wrong answer is the server's, so `Invalid`."""

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
        size = f"{len(self.content)} bytes"
        try:
            return decoder.decode(self.content)
        except msgspec.ValidationError as error:
            observed, step = f"sent JSON of another shape ({error})", "is the server's version supported?"
        except RecursionError:
            observed = f"sent JSON nested deeper than any answer is ({size})"
            step = "is this the right server?"
        except ArithmeticError:  # of a hook that makes `Decimal` of an exponent without end
            observed, step = f"sent a number that nobody can read ({size})", "is this the right server?"
        except (msgspec.DecodeError, UnicodeDecodeError):
            observed, step = f"sent JSON that is damaged or cut off ({size})", "the next run asks again"
        raise self.invalid(observed, step)

    def text(self) -> str:
        """Read a short ASCII body without surrounding space; raise `Invalid` for anything else.

        mempool calls a bare hash a web page (public-servers.md 1.2): the body decides, not its type.
        """
        self._refuse_page("plain text")
        try:
            return self.content.decode("ascii").strip()
        except UnicodeDecodeError:
            observed = "sent text that is not ASCII"
            raise self.invalid(observed, "the next run asks again") from None

    @property
    def is_page(self) -> bool:
        """Tell whether a web page came, as servers send one for a route that they do not have.

        The type alone says nothing: mempool's backend sends a bare hash as text/html (public-servers.md 1.2).
        """
        body = self.content.lstrip()
        return body.startswith(b"<") or (self.content_type.startswith("text/html") and b"<" in body)

    def _refuse_page(self, wanted: str) -> None:
        if not self.content.strip():
            observed, step = f"answered {self.status} with nothing", f"expected {wanted}"
        elif self.is_page:
            step = f"expected {wanted}: check the address, and that no login page or proxy stands before it"
            observed = f"answered {self.status} with a web page"
        else:
            return
        raise self.invalid(observed, step)
