"""`python -m briefing` is the `briefing` program."""

from briefing.cli import main

main()
