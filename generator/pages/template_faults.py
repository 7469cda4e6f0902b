"""What is wrong with a template, with its file and line."""

from collections.abc import Iterator, Mapping
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
    env = bare_environment()
    for name, data in sorted(templates.items()):
        if not name.endswith(".html"):
            continue
        try:
            tree = env.parse(data.decode("utf-8"))
        except TemplateSyntaxError as error:
            yield name, error.lineno, error.message or "not a template"
            continue
        except RecursionError:
            yield name, 1, "nested deeper than anybody can read"
            continue
        except UnicodeDecodeError as error:
            yield name, 1, f"not UTF-8 text ({error.reason} at byte {error.start})"
            continue
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            other = getattr(getattr(node, "template", None), "value", None)
            if isinstance(other, str) and other not in templates:
                yield name, node.lineno, f"refers to {other!r}, and there is no such template"
