"""`python -m generator.cli` is `sunlit`."""

from generator.cli.main import main

main()
