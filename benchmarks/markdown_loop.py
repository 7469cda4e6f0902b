"""The floor under every generator of pages in Python: Markdown and Jinja2 in a loop, nothing else.

python -m benchmarks.markdown_loop PAGES OUTPUT
"""

import sys
from pathlib import Path

from jinja2 import Environment
from markdown import Markdown

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><main><h1>{{ title }}</h1>{{ text }}</main></body></html>
"""


def main() -> None:
    """Convert every page."""
    pages, output = map(Path, sys.argv[1:])
    template = Environment(autoescape=False).from_string(PAGE)  # noqa: S701 -- our own pages
    markdown = Markdown(extensions=["tables", "fenced_code"])
    for page in sorted(pages.iterdir()):
        title, _, text = page.read_text(encoding="utf-8").partition("\n")
        target = output / page.stem / "index.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        html = template.render(title=title[2:], text=markdown.reset().convert(text))
        target.write_text(html, encoding="utf-8")


if __name__ == "__main__":
    main()
