"""Report, charts and content as the files of a site; pure: who reads and writes files is the caller."""

from generator.pages.own_pages import text_faults
from generator.pages.page import Content, StateRow
from generator.pages.site import render
from generator.pages.template_faults import fault_place, template_faults
