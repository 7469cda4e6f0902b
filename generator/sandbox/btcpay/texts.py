"""The texts a server may fill freely: plausible ones, or unguessable tokens that show where they leak to."""

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789"
_LENGTH: Final = 24
#: A shorter text of a server's own may stand anywhere by chance.
_TELLING: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A text planted in one field of one object; `published` where the world shows it on purpose."""

    value: str
    field: str
    published: bool


@dataclass(slots=True)
class Texts:
    """Says what stands in a free text field and remembers every token it handed out."""

    seed: int
    plant: bool = False
    _tokens: dict[str, Token] = field(default_factory=dict)

    def say(self, name: str, owner: str, usual: str | None, *, published: bool = False) -> str | None:
        """Return the text of field `name` of object `owner`: the usual one, or its token."""
        if not self.plant:
            return usual
        return self._planted(name, self._token(name, owner), published=published)

    def text(self, name: str, owner: str, usual: str, *, published: bool = False) -> str:
        """Return the same for a field that is never null."""
        return self.say(name, owner, usual, published=published) or usual

    def own(self, name: str, value: str, *, published: bool = False) -> str:
        """Return a value that is unguessable as it is (an id, an address), and count it as planted."""
        planted = self.plant and len(value) >= _TELLING
        return self._planted(name, value, published=published) if planted else value

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Return every token handed out so far."""
        return tuple(self._tokens.values())

    def _planted(self, name: str, value: str, *, published: bool) -> str:
        if value not in self._tokens or published:
            self._tokens[value] = Token(value=value, field=name, published=published)
        return value

    def _token(self, name: str, owner: str) -> str:
        number = int.from_bytes(blake2b(f"{self.seed}/{name}/{owner}".encode(), digest_size=20).digest())
        letters = []
        for _ in range(_LENGTH):
            number, index = divmod(number, len(_ALPHABET))
            letters.append(_ALPHABET[index])
        return "".join(letters)
