"""`python -m ui` is the command line without its console script."""

from ui.cli import main

main()
