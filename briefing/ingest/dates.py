"""Dates as formats state them."""

from __future__ import annotations

import re
from datetime import date

_DATE = re.compile(r"\s*(\d{4})\s*(?:[-/.年])\s*(\d{1,2})\s*(?:[-/.月])\s*(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?!\d)")


def stated_date(value: object) -> date | None:
    """The date that `value` begins with (2024-04-02, 2024/4/2, 2024年4月2日, 20240402), or None."""
    if not isinstance(value, str | int):
        return None
    match = _DATE.match(str(value)) or _COMPACT.match(str(value))
    if not match:
        return None
    try:
        return date(*(int(g) for g in match.groups()))
    except ValueError:
        return None
