"""Files are those that the manifest lists and no other; data files have the shape of their JSON Schema."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from generator import schemas
from generator.manifest import MANIFEST
from generator.pages.file_kinds import kind_of, of_no_kind
from generator.png import is_drawn, pixel_hash
from generator.unreadable import UNREADABLE
from generator.verify.file_names import name_problems
from generator.verify.results import MOST_PROBLEMS, CheckResult, checked, unchecked
from generator.verify.shared_work import shared
from generator.verify.site_copy import SiteCopy
from generator.verify.strict_json import read_json

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


def check_manifest(copy: SiteCopy) -> Iterator[CheckResult]:
    """Yield whether files are missing, changed, or too many."""
    try:
        manifest = copy.manifest()
    except UNREADABLE as error:
        yield checked("manifest-read", [f"{MANIFEST} cannot be read: {error}"], 1)
        return
    listed, pixels = manifest.files, manifest.pixels
    there = copy.files.keys() - {MANIFEST}
    if copy.unread:
        path, why = min(copy.unread.items())
        reason = f"{len(copy.unread)} files could not be read, such as {path}: {why}"
        yield unchecked("files-read", reason, wanted=True)
    names = copy.files.keys() | listed.keys() | copy.unread.keys()
    odd = [*name_problems(names), *(f"{path!r}: {why}" for path, why in sorted(copy.refused.items()))]
    yield checked("file-names", odd, len(names))
    missing = sorted(listed.keys() - there - copy.unread.keys() - copy.refused.keys())
    yield checked("files-missing", (f"{path} is listed and not there" for path in missing), len(listed))
    yield checked("files-changed", _changed(copy, listed), len(there & listed.keys()))
    pictures = set(filter(is_drawn, there))
    yield checked("pictures-changed", _repainted(copy, pictures | pixels.keys(), pixels), len(pictures))
    if copy.listed:
        extra = sorted(there - listed.keys())
        yield checked("files-extra", (f"{path} is there and not listed" for path in extra), len(there))
    else:
        reason = "a site cannot be listed over HTTP; in a copied folder this is checked"
        yield unchecked("files-extra", reason)


def _changed(copy: SiteCopy, listed: Mapping[str, str]) -> Iterator[str]:
    for path in sorted(copy.files.keys() & listed.keys() - {MANIFEST}):
        found = sha256(copy.files[path]).hexdigest()
        if found != listed[path]:
            yield f"{path} hashes to {found}, the manifest says {listed[path]}"


def _repainted(copy: SiteCopy, paths: Iterable[str], listed: Mapping[str, str]) -> Iterator[str]:
    """Yield the pictures whose pixels are not the listed ones, or that hold anything but pixels."""
    for path in sorted(set(paths) - copy.unread.keys()):
        try:
            found = pixel_hash(copy.files.get(path, b""))
        except ValueError as error:
            yield f"{path}: {error}"
            continue
        if found != listed.get(path):
            yield f"{path} has pixels that hash to {found}, the manifest says {listed.get(path, 'nothing')}"


SCHEMAS: Final = "data/schema/"


def check_schemas(copy: SiteCopy, *, same_version: bool, jobs: int = 1) -> Iterator[CheckResult]:
    """Yield whether data files and schemas are what this version writes."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 -- with all formats it takes seconds

    ours = schemas.documents()
    if same_version:
        strange = (f"{path!r} is of no kind that Sunlit publishes" for path in of_no_kind(copy.files))
        yield checked("file-kinds", strange, len(copy.files))
        yield checked("schemas-ours", _foreign_schemas(copy, ours), len(ours))
    else:
        reason = "the site was made by another version of Sunlit; its files are held against our schemas"
        yield from (unchecked(name, reason) for name in ("file-kinds", "schemas-ours"))
    validators = {name: Draft202012Validator(document) for name, document in ours.items()}
    paths = [path for path in copy.files if schema_of(path)]

    def look(some: Sequence[str]) -> list[str]:
        return [
            f"{path}: {problem}"
            for path in some
            for problem in _problems(validators[schema_of(path)], copy.files[path])
        ]

    problems = (problem for found in shared(look, paths, jobs=jobs) for problem in found)
    yield checked("data-shapes", problems, len(paths))


#: Kinds of JSON files, and the names of their schemas.
_SCHEMA_OF: Final = {
    "figures": "figures",
    "manifest": "manifest",
    "findings": "findings",
    "changes": "changes",
    "recipe": "recipe",
    "list of ledgers": "ledger",
    "status": "status",
    "edition": "edition",
}


def schema_of(path: str) -> str:
    """Return the name of the schema a published file follows; empty for files without one.

    The log is read strictly, line by line, and must be its own canonical bytes: a step of its own.
    """
    kind = kind_of(path)
    return _SCHEMA_OF.get(kind.name, "") if kind else ""


def _foreign_schemas(copy: SiteCopy, ours: Mapping[str, Any]) -> Iterator[str]:
    for name, document in ours.items():
        path = f"{SCHEMAS}{name}.json"
        try:
            same = json.loads(copy.files[path]) == json.loads(json.dumps(document))
        except (KeyError, ValueError, RecursionError):
            same = False
        if not same:
            yield f"{path} is not the schema that this version of Sunlit writes"


def _problems(validator: "Draft202012Validator", data: bytes) -> Iterator[str]:
    """Hold a file against its schema; yield each place that breaks it."""
    try:
        document = read_json(data)
    except (ValueError, RecursionError) as error:
        yield f"not JSON ({error})"
        return
    errors = islice(validator.iter_errors(document), MOST_PROBLEMS)  # each holds what it is about
    yield from (f"{error.json_path} {error.message[:120]}" for error in errors)
