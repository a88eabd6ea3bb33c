"""The order of the stages, and that one bad article costs the reader no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from briefing import app, pipeline
from briefing.config import load_config
from briefing.errors import NothingToPrintError
from briefing.pipeline import Notes, Parts, no_progress
from briefing.records import (
    Article,
    LeftOutReason,
    RunStatus,
    Skip,
    SourceRef,
    Span,
    Story,
    Summary,
    SummarySentence,
)
from briefing.summarise import SummaryOptions
from briefing.text.sentences import split_sentences

MOMENT = app.Moment(date(2025, 9, 19), datetime(2025, 9, 19, 7, tzinfo=UTC))
TEXT = "青石县9月18日公布，全县今年新建农村公路{n}公里，已完成投资{n}.5亿元。项目拟于年底前全部完工，惠及{n}个乡镇。"


@pytest.fixture(scope="module")
def parts() -> Parts:
    return app.load_parts(load_config(environment={}), MOMENT.date)


def article(number: int) -> Article:
    text = TEXT.format(n=number)
    return Article(
        f"a{number}", f"{number}.txt", f"青石县新建农村公路{number}公里", text, split_sentences(text), ()
    )


class StubbornEngine:
    """A real engine in every respect but that it fails on some articles and invents in others."""

    name, revision = "stubborn", "1"

    def __init__(self, *, fails_on: str = "", invents_in: str = "", silent_on: Sequence[str] = ()) -> None:
        self.fails_on, self.invents_in, self.silent_on = fails_on, invents_in, silent_on

    def summarise(
        self,
        articles: Sequence[Article],
        options: SummaryOptions,
        progress: Callable[[int], None] | None = None,
    ) -> list[Summary]:
        return [self._one(a) for a in articles]

    def _one(self, given: Article) -> Summary:
        if given.id == self.fails_on:
            raise ZeroDivisionError("made to fail")
        silent = given.id in self.silent_on
        first = given.sentences[0].span
        text = given.text[first.start : first.end]
        if given.id == self.invents_in:
            text = text.replace("公里", "万公里")
        ref = SourceRef(given.id, Span(first.start, first.end))
        sentences = () if silent else (SummarySentence(text, (ref,)),)
        return Summary(given.id, given.title, (), sentences, "stubborn@1", insufficient=silent)


def written(parts: Parts, engine: StubbornEngine, count: int, items: int = 30) -> tuple[list[str], Notes]:
    notes = Notes()
    stories = [Story(article(n)) for n in range(11, 11 + count)]
    used = replace(parts, engine=engine, rank=replace(parts.rank, items=items, items_per_area=items))
    found = pipeline.write_items(pipeline.rank(stories, used), used, notes, no_progress)
    return [i.story.lead.id for i in found], notes


def test_an_article_that_the_engine_fails_on_is_a_skip_and_the_others_are_printed(parts: Parts) -> None:
    found, notes = written(parts, StubbornEngine(fails_on="a12"), 3)
    assert sorted(found) == ["a11", "a13"]
    assert [(s.source, s.stage) for s in notes.skips] == [("12.txt", "summarise")]
    assert "made to fail" in notes.skips[0].en
    assert [(x.article_id, x.reason) for x in notes.left_out] == [("a12", LeftOutReason.FAILED)]


def test_an_article_that_says_too_little_makes_room_for_the_next(parts: Parts) -> None:
    first, _ = written(parts, StubbornEngine(), 4, items=2)
    found, notes = written(parts, StubbornEngine(silent_on=[first[0]]), 4, items=2)
    assert len(found) == 2
    assert first[0] not in found
    reasons = {x.article_id: x.reason for x in notes.left_out}
    assert reasons[first[0]] is LeftOutReason.INSUFFICIENT
    assert set(found) | set(reasons) == {"a11", "a12", "a13", "a14"}, "each is printed or left out"


def test_an_invented_figure_is_never_printed_as_the_engine_wrote_it(parts: Parts) -> None:
    given = article(12)
    (wrong,) = StubbornEngine(invents_in="a12").summarise([given], parts.summary)
    proved, findings = pipeline.prove(wrong, (given,), 150)
    assert "万公里" not in proved.text
    assert "12公里" in proved.text
    assert all(s.fallback for s in proved.sentences)
    assert not app.has_errors(findings)


def test_ids_are_unique_across_documents_and_stable_where_they_can_be() -> None:
    segmented = pipeline.SegmentedDocument("x", (article(1), article(2)), ())
    taken: set[str] = set()
    first = pipeline.with_unique_ids(segmented, taken)
    second = pipeline.with_unique_ids(segmented, taken)
    third = pipeline.with_unique_ids(segmented, taken)
    assert [a.id for a in first.articles] == ["a1", "a2"]
    assert len({a.id for s in (first, second, third) for a in s.articles}) == 6


def test_what_the_user_says_of_inputs_yields_to_what_they_say_themselves(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(
        '{"id": "1", "title": "a", "text": "正文。", "outlet": "青石县报"}\n{"id": "2", "title": "b", "text": "正文。"}\n',
        "utf-8",
    )
    limits = app.ingest_limits(load_config(environment={}))
    read = pipeline.ingest(
        [str(tmp_path / "rows.jsonl")], limits, now=MOMENT.now, stdin=None, progress=no_progress
    )
    outlets = [
        pipeline.apply_defaults(d, pipeline.Defaults(outlet="聊城日报")).outlet
        for d in read
        if not isinstance(d, Skip)
    ]
    assert outlets == ["青石县报", "聊城日报"]


def test_a_folder_with_one_bad_file_gives_a_partial_briefing(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(f"青石县新建农村公路15公里\n\n{TEXT.format(n=15)}\n", "utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01\x02\x03" * 100)
    made, report = app.make_briefing([str(tmp_path)], load_config(environment={}), MOMENT)
    assert report.status is RunStatus.PARTIAL
    assert [s.source for s in report.skips] == [str(tmp_path / "bad.txt")]
    assert len(made.items) == 1
    assert dict(report.counts)["articles"] == 1
    assert made.report.seconds == (), "timings would make equal editions differ"
    assert report.seconds


def test_nothing_to_print_says_why(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    with pytest.raises(NothingToPrintError) as caught:
        app.make_briefing([str(tmp_path)], load_config(environment={}), MOMENT)
    assert len(caught.value.reasons) == 1
    assert "empty.txt" in caught.value.reasons[0][0]
