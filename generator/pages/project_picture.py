"""The picture at the head of a project's page: its own, else a drawn one that means nothing."""

from typing import Final

from markupsafe import Markup

from generator.charts.landscape import landscape_svg
from generator.report import ProjectReport
from generator.webp import bytes_of, size_of

#: Its own one, beside its page.
FILE: Final = "picture.webp"


def picture_files(project: ProjectReport) -> dict[str, bytes]:
    """Return a project's own picture by its path, as the log has it."""
    return {f"p/{project.slug}/{FILE}": data} if (data := _own(project)) else {}


def picture(project: ProjectReport) -> Markup:
    """Return what stands at the head of a project's page; readers that do not see lose nothing."""
    if not (data := _own(project)):
        return Markup(landscape_svg(project.slug))  # noqa: S704 -- numbers of ours alone
    width, height = size_of(data)
    return Markup('<img class="picture" src="{}" alt="" width="{}" height="{}">').format(FILE, width, height)


def why_none(project: ProjectReport) -> str:
    """Return why the picture that a project names is not shown, empty where it is or none is named."""
    return project.picture.reason if project.has_extras and project.picture else ""


def _own(project: ProjectReport) -> bytes:
    if not project.has_extras or project.picture is None or not project.picture.webp:
        return b""
    return bytes_of(project.picture.webp)
