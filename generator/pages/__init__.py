"""Report, charts and content as the files of a site; pure: who reads and writes files is the caller."""

from generator.pages.content import Content, StateRow
from generator.pages.faults import faults
from generator.pages.site import render

__all__ = ["Content", "StateRow", "faults", "render"]
