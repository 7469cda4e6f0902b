"""Where the files of the site go: pages by Jinja2, tables by csv, data by json."""

import csv
import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader
from markdown import markdown

from benchmarks.script.charts import Chart, Row

TEMPLATES: Final = Path(__file__).with_name("templates")


def text_of(amount_msat: float | None) -> str:
    """Return millisatoshis as people read them."""
    return "n/a" if amount_msat is None else f"{amount_msat / 1000:,.3f}".rstrip("0").rstrip(".") + " sat"


class Site:
    """Writes files below a folder."""

    def __init__(self, output: Path, title: str, url: str) -> None:
        self.output, self.url = output, url
        self.written: dict[str, Row] = {}  #: path → its size and digest
        loader = FileSystemLoader(TEMPLATES)
        self.env = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self.env.filters |= {"sat": text_of, "markdown": markdown}
        self.env.globals |= {"site": title, "url": url}

    def write(self, path: str, data: str | bytes) -> None:
        """Write a file."""
        target = self.output / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = data.encode() if isinstance(data, str) else data
        target.write_bytes(data)
        self.written[path] = {"path": path, "bytes": len(data), "sha256": sha256(data).hexdigest()}

    def page(self, path: str, template: str, **values: object) -> None:
        """Write a page, or another file from a template."""
        root = "../" * path.count("/")
        self.write(path, self.env.get_template(template).render(root=root, path=path, **values))

    def json(self, path: str, data: object) -> None:
        """Write data as JSON."""
        self.write(path, json.dumps(data, ensure_ascii=False, default=str))

    def csv(self, path: str, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
        """Write some columns of rows as CSV."""
        out = StringIO()
        writer = csv.DictWriter(out, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        self.write(path, out.getvalue())

    def chart(self, folder: str, chart: Chart) -> None:
        """Write a chart's drawing and numbers."""
        self.write(f"{folder}/{chart.name}.svg", chart.wide)
        out = StringIO()
        writer = csv.writer(out)
        writer.writerow(chart.columns)
        writer.writerows(chart.rows)
        self.write(f"{folder}/{chart.name}.csv", out.getvalue())
