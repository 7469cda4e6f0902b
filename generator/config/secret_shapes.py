"""What looks like a secret, and what its owner has to do once it stood in a public file; pure."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec
from embit.wordlists.bip39 import WORDLIST


class SecretFound(msgspec.Struct, frozen=True):
    """A secret in a text."""

    text: str  #: itself, which nobody may print
    start: int  #: where it begins
    kind: str  #: what it looks like
    step: str  #: how to make it worthless


_BTCPAY: Final = "revoke it in BTCPay under Account → Manage account → API keys"
_KEY: Final = "nothing can revoke it, so use it no more and make a new one"
_COINS: Final = "whoever reads this can take the coins, so move them to a new wallet now"
_THERE: Final = "revoke it where it was made"
_GITHUB: Final = "revoke it in GitHub under Settings → Developer settings"
Shapes = tuple[tuple[str, re.Pattern[str], str], ...]  #: kind, form, step
#: Secrets that their form gives away wherever they stand, in a comment too.
_PLAIN: Final[Shapes] = (
    ("a Nostr secret key", re.compile(r"(?i)\bn(?:crypt)?sec1[a-z0-9]{20,}"), _KEY),
    ("a wallet's private key", re.compile(r"\b[a-zA-Z]prv[1-9A-HJ-NP-Za-km-z]{30,}"), _COINS),
    ("a GitHub token", re.compile(r"\b(?:gh[a-z]_|github_pat_)[A-Za-z0-9_]{16,}"), _GITHUB),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[^-]{0,20000}"), _THERE),
    ("a token", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?"), _THERE),
    ("a token", re.compile(r"\b(?:glpat-|xox[a-z]-|pypi-)[\w-]{16,}"), _THERE),
    ("a token", re.compile(r"\b(?:sk-(?:proj-|ant-)?|[sr]k_live_|npm_|AKIA|AIza)\w{16,}"), _THERE),
    ("a bot's token", re.compile(r"\b\d{8,10}:[\w-]{35}\b"), _THERE),
)
_NAMES: Final = r"(?:token|key|secret|auth|passw|pwd|sig|macaroon|credential)"
#: Secrets that only a value or key is taken for: a comment may name a commit.
_VALUES: Final[Shapes] = (
    ("a name or password in an address", re.compile(r"(?<=://)[^\s/?#@]{1,256}(?=@)"), "change the password"),
    (
        "a name or password in an address",
        re.compile(r"(?<=://)[^\s/@:]{1,256}:[^\s@]{1,256}(?=@)"),
        "change the password",
    ),
    (
        "a password",
        re.compile(r"(?i)\b(?!mailto:)[\w.-]{1,64}:[^\s@/]{3,128}(?=@[\w-]{1,63}\.)"),
        "change the password",
    ),
    (
        "a key in an address",
        re.compile(rf"(?i)(?<=[?&#;])[\w-]{{0,64}}{_NAMES}[\w-]{{0,64}}=[^\s&#\"']+"),
        _THERE,
    ),
    ("a password", re.compile(r"(?i)\b(?:token|bearer|basic)\s+(?=\S*\d)[\w+/=.-]{16,}"), _THERE),
    ("a BTCPay API key", re.compile(r"\b(?=[a-fA-F]*\d)[0-9a-fA-F]{40}\b"), _BTCPAY),
    ("a wallet's private key", re.compile(r"\b[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}\b"), _COINS),
    ("a macaroon", re.compile(r"\b(?=[a-fA-F]{0,40}\d)[0-9a-fA-F]{80,}\b"), _THERE),
)
_WORDS: Final = frozenset(WORDLIST)
_PHRASE: Final = re.compile(r"(?i)\b[a-z]{3,8}(?:[ ,]+[a-z]{3,8}){11,23}\b")
#: How many words a recovery phrase has, and which share of them a misspelt one still has right.
_LENGTHS: Final = frozenset({12, 15, 18, 21, 24})
_SHARE: Final = 0.75
_FEWEST: Final = 12


def plain_secrets(text: str) -> Iterator[SecretFound]:
    """Yield secrets that are recognised anywhere, also in what cannot be read as YAML."""
    yield from _matches(text, _PLAIN)
    for found in _PHRASE.finditer(text):
        words = re.findall(r"[a-z]+", found.group().lower())
        known = sum(word in _WORDS for word in words)
        if known == len(words) or (len(words) in _LENGTHS and known >= _SHARE * len(words)):
            yield SecretFound(found.group(), found.start(), "a wallet's recovery phrase", _COINS)


def value_secrets(text: str) -> Iterator[SecretFound]:
    """Yield secrets in a value or key, which has no comment."""
    yield from plain_secrets(text)
    yield from _matches(text, _VALUES)


def looks_secret(text: str) -> bool:
    """Tell whether a text should not be printed: a secret, or what is as long and random as one."""
    mixed = re.search(r"[A-Za-z]", text) and re.search(r"\d", text)
    random = mixed and re.search(r"[A-Za-z0-9+/=_]{20,}", text)
    return bool(random) or next(value_secrets(text), None) is not None


def _matches(text: str, shapes: Shapes) -> Iterator[SecretFound]:
    for kind, pattern, step in shapes:
        for found in pattern.finditer(text):
            yield SecretFound(found.group(), found.start(), kind, step)
