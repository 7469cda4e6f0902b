"""What is wrong with templates, found without rendering anything."""

from collections.abc import Iterator, Mapping

from jinja2 import Environment, TemplateSyntaxError, meta


def template_faults(templates: Mapping[str, bytes]) -> Iterator[tuple[str, int, str]]:
    """Yield file, line and message of each template that cannot be read or refers to none."""
    env = Environment(autoescape=True)
    for name, data in sorted(templates.items()):
        if not name.endswith(".html"):
            continue
        try:
            tree = env.parse(data.decode("utf-8"))
        except TemplateSyntaxError as error:
            yield name, error.lineno, error.message or "not a template"
            continue
        except UnicodeDecodeError as error:
            yield name, 1, f"not UTF-8 text ({error.reason} at byte {error.start})"
            continue
        for other in meta.find_referenced_templates(tree):
            if other is not None and other not in templates:
                yield name, 1, f"refers to {other!r}, and there is no such template"
