"""Where pages and charts become files: what the makers of all units of a site share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from generator.pages.environment import environment
from generator.pages.files import chart_files, chart_style
from generator.pages.icons import with_used_icons
from generator.pages.navigation import Link
from generator.pages.numbers import Numbers
from generator.pages.page import Page
from generator.text_format import clean

#: The page for addresses that do not exist.
MISSING: Final = "404.html"


class Studio:
    """Templates made ready once; `strict`, it raises what else becomes a short page of a project.

    With a theme among them, templates are sandboxed.
    """

    def __init__(
        self,
        templates: Mapping[str, bytes],
        navigation: Sequence[Link],
        *,
        top: str,
        sandboxed: bool = False,
        strict: bool = False,
    ) -> None:
        self._numbers = Numbers({})
        self._env = environment(templates, lambda: self._numbers, sandboxed=sandboxed)
        self._style = chart_style(templates)
        self._navigation = navigation
        self._given = (templates, navigation, top, sandboxed, strict)
        self._top = top  #: absolute way to the top of the site, for a page served at any address
        self.strict = strict

    def __reduce__(self) -> tuple[Callable[..., "Studio"], tuple[Any, ...]]:
        """Travel to another process as what it was made from."""
        return _again, self._given

    def files(self, pages: Iterable[Page], report: Any, numbers: Numbers | None = None) -> dict[str, bytes]:  # noqa: ANN401 -- a report, or what of it these pages may read
        """Return pages and their charts as files; `report` is what their templates know by that name."""
        self._numbers = numbers or Numbers({})
        found: dict[str, bytes] = {}
        for page in pages:
            found |= chart_files(page.folder, page.charts, self._style)
            found[page.path] = self._html(page, report)
        return found

    def _html(self, page: Page, report: Any) -> bytes:  # noqa: ANN401 -- see `files`
        root = self._top if page.path == MISSING else page.root
        template = self._env.get_template(page.template)
        html = template.render(
            page=page, report=report, root=root, navigation=self._navigation, **page.values
        )
        return clean(
            with_used_icons(html)
        ).encode()  # once for a page: no text of others stands in it that was not cleaned


def _again(
    templates: Mapping[str, bytes],
    navigation: Sequence[Link],
    top: str,
    sandboxed: bool,  # noqa: FBT001 -- positions, as pickle hands them
    strict: bool,  # noqa: FBT001
) -> Studio:
    return Studio(templates, navigation, top=top, sandboxed=sandboxed, strict=strict)
