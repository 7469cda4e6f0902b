"""The commands; the only reader of wall clock, environment and terminal."""

from generator.cli.exit_codes import Exit
from generator.cli.main import main, run
