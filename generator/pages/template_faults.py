"""What is wrong with a template, with its file and line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from traceback import walk_tb

from jinja2 import TemplateSyntaxError, nodes

from generator.pages.environment import TEMPLATES, bare_environment


def fault_place(error: BaseException) -> tuple[str, int] | None:
    """Return file and line of the template in which an error came up, None for one from elsewhere."""
    if isinstance(error, TemplateSyntaxError):
        return error.filename or TEMPLATES + (error.name or ""), error.lineno
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    return next((place for place in reversed(frames) if place[0].startswith(TEMPLATES)), None)


def template_faults(templates: Mapping[str, bytes]) -> Iterator[tuple[str, int, str]]:
    """Yield file, line and message of each template that cannot be read or refers to none."""
    for name, data in sorted(templates.items()):
        if not name.endswith(".html"):
            continue
        found = _looked_at(data)
        if found.fault:
            yield name, *found.fault
        for line, other in found.references:
            if other not in templates:
                yield name, line, f"refers to {other!r}, and there is no such template"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a template is by itself, whatever others there are."""

    fault: tuple[int, str] | None = None  #: line and message
    references: tuple[tuple[int, str], ...] = ()  #: line and name, of those that are named in the text


@lru_cache(maxsize=256)
def _looked_at(data: bytes) -> _Seen:
    """Look at a template once in a process: reading those of a site takes most of a check's time."""
    try:
        tree = bare_environment().parse(data.decode("utf-8"))
    except TemplateSyntaxError as error:
        return _Seen((error.lineno, error.message or "not a template"))
    except RecursionError:
        return _Seen((1, "nested deeper than anybody can read"))
    except UnicodeDecodeError as error:
        return _Seen((1, f"not UTF-8 text ({error.reason} at byte {error.start})"))
    named = (
        (node.lineno, getattr(getattr(node, "template", None), "value", None))
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport))
    )
    return _Seen(references=tuple((line, other) for line, other in named if isinstance(other, str)))
