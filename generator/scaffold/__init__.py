"""The files that a new report begins with: what `sunlit init` writes, as values."""

from generator.scaffold.beginnings import Beginning, store_in
from generator.scaffold.home import RELEASED, Home, home_in, installed_from
from generator.scaffold.scaffold_files import scaffold_files
