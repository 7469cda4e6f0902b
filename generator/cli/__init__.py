"""The commands; the only reader of wall clock, environment and terminal."""

from generator.cli.main import main

__all__ = ["main"]
