"""Three made papers for the simulated year, and what is true of them: which document tells which story.

Each paper's feed holds its last three days, as real ones do, so a day on which it cannot be reached loses nothing.
The source of a document says what it is: kind/written on/story/given on. Kinds: `first` a story, `copy` its reprint,
`more` a follow-up with one new figure, `fix` a correction of the paper's own story.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from briefing.records import RawDocument
from tests.unit.editions.made_sources import MadeSource, document, text_of

PAPERS = ("青禾日报", "白石晚报", "临河新闻网")
STORIES = 5
OFFERED_DAYS = 3
FOLLOW_UP = "截至{m}月{d}日，该项工作新到位资金{n}万元，较计划提前{k}天。"
CORRECTION = "更正：本报{m}月{d}日有关报道中，受益群众人数有误，应为{n}人，特此更正。"
FOLLOWED, CORRECTED = 3, 0
CORRECTED_EVERY = 5  # days


def code(day: date, k: int) -> int:
    """The figure that tells a new fact from all others."""
    return 10_000 + (day.toordinal() % 800) * 100 + k * 7


def key_of(source: str) -> tuple[str, str]:
    """Which story a document tells: the day it was written on, and its number."""
    _, written, k, _ = source.split("/")
    return written, k


def kind_of(source: str) -> str:
    return source.split("/", 1)[0]


def first(day: date) -> list[RawDocument]:
    """Five stories a day, and now and then a correction of yesterday's."""
    given = [_made("first", day, k, PAPERS[0], day) for k in range(STORIES)]
    before = day - timedelta(days=1)
    if before.toordinal() % CORRECTED_EVERY == 0:
        title, text = text_of(before, CORRECTED)
        words = CORRECTION.format(m=before.month, d=before.day, n=code(before, CORRECTED))
        given.append(
            document(f"更正：{title}", words + text, day, PAPERS[0], f"fix/{before}/{CORRECTED}/{day}")
        )
    return given


def second(day: date) -> list[RawDocument]:
    """Reprints of the first paper's stories, half of them a day late."""
    late = day - timedelta(days=1)
    return [_made("copy", day, k, PAPERS[1], day) for k in (0, 2)] + [
        _made("copy", late, k, PAPERS[1], day) for k in (1, 3)
    ]


def third(day: date) -> list[RawDocument]:
    """A follow-up of the day before yesterday's story, with one new fact.

    Not of story 4: another county road of the same town is in the first paper that very day.
    """
    before = day - timedelta(days=2)
    title, text = text_of(before, FOLLOWED)
    news = FOLLOW_UP.format(m=day.month, d=day.day, n=code(before, FOLLOWED), k=3 + day.day % 9)
    return [document(title + "有新进展", text + news, day, PAPERS[2], f"more/{before}/{FOLLOWED}/{day}")]


def _made(kind: str, written: date, k: int, outlet: str, printed: date) -> RawDocument:
    title, text = text_of(written, k)
    return document(title, text, printed, outlet, f"{kind}/{written}/{k}/{printed}")


def given(start: date, day: date) -> dict[str, list[RawDocument]]:
    """What each paper prints on `day`; nothing tells of a story from before `start`."""
    made = zip(PAPERS, (first, second, third), strict=True)
    return {
        name: [d for d in give(day) if date.fromisoformat(key_of(d.source)[0]) >= start] for name, give in made
    }


def outages(start: date, days: int) -> tuple[set[tuple[str, date]], set[date]]:
    """(paper, day) on which one is down, and days on which all are; never on the last three days."""
    chance = random.Random(11)
    single: set[tuple[str, date]] = set()
    every: set[date] = set()
    for n in range(max(0, days - OFFERED_DAYS)):
        day = start + timedelta(days=n)
        single |= {(name, day) for name in PAPERS if chance.random() < 0.04}
        # Not two days running: a feed of three days would lose stories of itself.
        if n > 1 and chance.random() < 0.03 and day - timedelta(days=1) not in every:
            every.add(day)
    return single, every


def papers(start: date, days: int) -> list[MadeSource]:
    single, every = outages(start, days)

    def offered(name: str, day: date) -> list[RawDocument]:
        since = max(start, day - timedelta(days=OFFERED_DAYS - 1))
        return [d for n in range((day - since).days + 1) for d in given(start, since + timedelta(days=n))[name]]

    return [
        MadeSource(
            name,
            lambda day, name=name: offered(name, day),  # type: ignore[misc]
            lambda day, name=name: (name, day) in single or day in every,  # type: ignore[misc]
        )
        for name in PAPERS
    ]
