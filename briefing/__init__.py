"""Turns raw Chinese news and policy text into a checked, source-traced daily policy briefing."""

__version__ = "0.1.0"
