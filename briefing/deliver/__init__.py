"""Brings rendered briefings to their readers: one file per channel."""
