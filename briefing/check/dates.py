"""Every date and clock time is the source's, or follows from it and the day of publishing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from briefing.check.claims import DATE, Claim
from briefing.check.context import MIN_LEAD, fit
from briefing.records import Finding
from briefing.text.alignment import UNMATCHED
from briefing.text.dates import DateMention

NAME = "dates"
_SAME_DAY = ("当天", "当日")


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on the dates of `claim`."""
    for k, token in enumerate(claim.tokens):
        if token.symbol == DATE and isinstance(token.fact, DateMention):
            yield from _check_one(claim, k, token.fact)


def _check_one(claim: Claim, k: int, mention: DateMention) -> Iterator[Finding]:
    said = claim.text[mention.span.start : mention.span.end]
    if said in _SAME_DAY and claim.source.dates:
        return  # it refers back; to what is not for this check to say
    slot = claim.match[k]
    if slot != UNMATCHED:
        there = claim.source.tokens[slot].fact
        if isinstance(there, DateMention) and _follows(claim, mention, there, said):
            return
    fits = [p for p, d in _mentions(claim) if _follows(claim, mention, d, said)]
    if not fits:
        if _published(claim, mention) and not _stated(claim, slot):
            return
        yield _wrong(claim, mention, said, slot, f"原文没有“{said}”")
        return
    if slot == UNMATCHED or _refers_back(claim, slot):
        return
    if not _near(claim, slot, fits) and _better(claim, k, slot, fits):
        yield _wrong(claim, mention, said, slot, f"“{said}”在原文中说的是别的事")


def _wrong(claim: Claim, mention: DateMention, said: str, slot: int, message: str) -> Finding:
    if slot == UNMATCHED:
        return claim.finding(NAME, mention.span, message)
    there = claim.source.tokens[slot]
    words = claim.source.text[there.start : there.end]
    return claim.finding(
        NAME, mention.span, f"{message}，原文此处为“{words}”", evidence=(there.start, there.end)
    )


def _mentions(claim: Claim) -> list[tuple[int, DateMention]]:
    found = []
    for p in claim.source.tokens_with(DATE):
        fact = claim.source.tokens[p].fact
        if isinstance(fact, DateMention):
            found.append((p, fact))
    return found


def _better(claim: Claim, k: int, slot: int, fits: list[int]) -> bool:
    """The slot's surroundings are the claim's more than those of any place where the date would be right."""
    there = fit(claim, k, slot)
    return there > max(fit(claim, k, p) for p in fits) + MIN_LEAD


def _stated(claim: Claim, slot: int) -> bool:
    """The slot holds a full date of its own, so the day of publishing is not what stood there."""
    there = claim.source.tokens[slot].fact if slot != UNMATCHED else None
    return isinstance(there, DateMention) and bool(there.day) and not there.relative


def _refers_back(claim: Claim, slot: int) -> bool:
    """The slot holds 今天 of an article without a date, or 当天: which day that is the words do not say."""
    there = claim.source.tokens[slot].fact
    return isinstance(there, DateMention) and there.relative and not there.day


def _near(claim: Claim, slot: int, fits: list[int]) -> bool:
    """A fitting date stands in the same source sentence: dates of a list are told apart by their order only."""
    of = claim.source.sentence_of_token
    return any(of[p] == of[slot] for p in fits)


def _published(claim: Claim, mention: DateMention) -> bool:
    """The date is the day of publishing or its month or year (an editor's absolute date)."""
    for part in claim.source.parts:
        on = part.article.published_on
        if on is not None and not mention.clock and not mention.relative and (mention.year or mention.month):
            stated = (mention.year or on.year, mention.month or on.month, mention.day or on.day)
            if stated == (on.year, on.month, on.day):
                return True
    return False


def _follows(claim: Claim, mine: DateMention, theirs: DateMention, said: str) -> bool:
    """`mine` says no more than `theirs` does, completed by the year and month it was written in."""
    if mine.clock or theirs.clock:
        return mine.clock == theirs.clock
    there = claim.source.text[theirs.span.start : theirs.span.end]
    if mine.relative and (said == there or not (mine.year or mine.month or mine.day)):
        return said in there
    on = _written_on(claim, theirs)
    year, month, day = theirs.year, theirs.month, theirs.day
    for stated, given in ((mine.day, day), (mine.month, month), (mine.year, year)):
        if stated and given and stated != given:
            return False
    day_known = not mine.day or bool(day)
    month_known = not mine.month or bool(month) or _month_follows(claim, mine, theirs, on)
    return day_known and month_known and (not mine.year or bool(year) or _year_follows(claim, mine, theirs, on))


def _written_on(claim: Claim, theirs: DateMention) -> date | None:
    part = claim.source.part_at(theirs.span.start)
    return part.article.published_on if part else None


def _month_follows(claim: Claim, mine: DateMention, theirs: DateMention, on: date | None) -> bool:
    if not theirs.day:
        return False
    before = [d for d in claim.source.dates if d.span.start < theirs.span.start and d.month and not d.relative]
    if any(d.month == mine.month for d in before[-3:]):
        return True
    if on is None:
        return False
    months = {on.month if theirs.day <= on.day + 3 else (on.month - 2) % 12 + 1, on.month}
    return mine.month in months


def _year_follows(claim: Claim, mine: DateMention, theirs: DateMention, on: date | None) -> bool:
    if not (theirs.month or theirs.day):
        return False
    if any(d.year == mine.year for d in claim.source.dates):
        return True
    return on is not None and abs(on.year - mine.year) <= (theirs.month or on.month) // 12 + (
        mine.year <= on.year
    )
