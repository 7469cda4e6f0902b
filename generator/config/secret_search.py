"""Secrets that stand in the configuration: each is named with its place, and hidden from all messages."""

import re
from typing import Final

import yaml

from generator.config.positions import KeyPath, Position, YamlDocument, dotted
from generator.config.secret_shapes import SecretFound, plain_secrets, value_secrets
from generator.config.yaml_slips import BEYOND

#: Keys whose values are public although they look like a key: moderators, and ids that projects have.
_PUBLIC: Final = frozenset({"moderators", "angor", "place"})
_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")
_SHORTEST: Final = 6  #: letters; a shorter one would hide parts of plain words
_MOST: Final = 200  #: spellings that are hidden; each message is looked through for each
_LONG: Final = 16  #: letters of a part that gives the whole secret away
#: What a line has that is about a key.
_OF_KEYS: Final = re.compile(r"(?i)_env\s*:|\b(?:api|key|secret|token|password|btcpay)")
_LINES: Final = re.compile("\r\n|[\n\r]")
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")


def hide_secrets(text: str, document: YamlDocument) -> None:
    """Note each secret that is recognised wherever it stands, and keep it out of every message.

    Raise `yaml.MarkedYAMLError` for more than can be.
    """
    for found in plain_secrets(text):
        line = text.count("\n", 0, found.start) + 1
        column = found.start - text.rfind("\n", 0, found.start)
        _note(found, (line, column), (), document)


def hide_comments(text: str, document: YamlDocument) -> None:
    """Note what looks like a key in a comment that speaks of one, or behind a variable's name.

    Another comment may name a commit, which looks like a key of BTCPay.
    """
    for number, line in enumerate(_LINES.split(text), 1):
        comment = _COMMENT.search(line)
        if comment is None or not _OF_KEYS.search(line):
            continue
        for found in value_secrets(comment.group()):
            _note(found, (number, comment.start() + found.start + 1), (), document)


def hide_lines(text: str, document: YamlDocument) -> None:
    """Note the secrets in the lines of a text that is no YAML, which has no values."""
    for number, line in enumerate(text.splitlines(), 1):
        for found in value_secrets(_COMMENT.sub("", line)):
            _note(found, (number, found.start + 1), (), document)


def hide_value(text: str, path: KeyPath, document: YamlDocument) -> None:
    """Note the secrets in a value or in a key, as `hide_secrets` does."""
    for found in value_secrets(text):
        _note(found, document.place(path), path, document)
    if _HEX.fullmatch(text.strip()) and not _PUBLIC & set(map(str, path)):
        step = "if it is a secret one, use it no more and make a new one"
        _note(SecretFound(text, 0, "a key of 64 digits", step), document.place(path), path, document)


def _note(found: SecretFound, place: Position, path: KeyPath, document: YamlDocument) -> None:
    if len(document.hidden) > _MOST:
        raise yaml.MarkedYAMLError(context=BEYOND, problem="more secrets than can be listed")
    bare = "".join(found.text.split())
    known = any(bare in secret or (len(secret) >= _LONG and secret in bare) for secret in document.hidden)
    spelled = {found.text, bare, found.text.upper(), *found.text.split("\n")}
    document.hidden.update(word for word in spelled if len(word) >= _SHORTEST)
    if known:
        return
    if "address" in found.kind:
        what = f"this address holds {found.kind.removesuffix(' in an address')}"
        message = f"{what}: this file is public, take it out and {found.step}"
    else:
        message = (
            f"what looks like {found.kind} stands here and this file is public: {found.step}; take it out"
        )
        if "wallet" not in found.kind:
            message += (
                ", and name an environment variable that holds a new one, such as token_env: BTCPAY_TOKEN"
            )
    where = f"{dotted(path)}: " if path else ""
    document.problem_at(place, path, where + message, "secret")
