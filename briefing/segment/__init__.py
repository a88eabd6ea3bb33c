"""Splits a document into its articles: headline stack, byline, body with broken columns rejoined; the rest is
dropped with its reason. Learned labels for every line, decoded over the whole page (models/segment,
models/training/segment_*.py)."""

from briefing.segment.splitter import Splitter, load_splitter, split_document

__all__ = ["Splitter", "load_splitter", "split_document"]
