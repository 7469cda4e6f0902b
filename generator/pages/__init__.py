"""Report, charts and content as the files of a site; pure: who reads and writes files is the caller."""

from generator.pages.content import Content, StateRow
from generator.pages.site import render
from generator.pages.template_faults import template_faults
