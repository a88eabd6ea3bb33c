"""Splitting loses nothing and keeps every way back, whatever the page looks like."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefing.records import RawDocument, SegmentedDocument, Span
from briefing.segment import load_splitter, split_document
from briefing.text.normalise import normalise

SPLITTER = load_splitter()
_LINES = """\
聊城日报 2024年4月2日 星期二
全县重点项目建设推进会召开
——未开工的项目9月底前全部开工
■ 本报记者 赵琦
本报讯(记者 邹辉 通讯员 祝文彬)4月1日,县税务局设立服务站。该站依托办税厅开展工作,实现一站式服务。
据了解,服务站将采用“服务驱动+专业聚焦”的模式,为群众提供办税缴费、权益保障等服务,并推出专
项举措,服务更精细。
目击
（下转第3版）
新闻热线:8277092
打造品牌,推动理论落地
3月29日,从空中俯瞰燕店镇,大棚整齐排列。 ■ 本报记者 郝川
# 一级标题
一、推进项目建设
二、保障改善民生
三、守牢安全底线
招租公告
现对下列门面房公开招租,联系电话:0300-5550123。
县(市、区) | 面积
{{ title }}<b>&amp;
聚力攻坚突破 推进强市建设
。
“
1
"""
LINES = st.sampled_from(
    [*_LINES.splitlines(), "\ufeff", "a\u200bb\u202e", "\u3000\u3000缩进的一段话,讲述县里的事情。"]
)
PAGES = st.lists(st.one_of(LINES, st.text(max_size=40)), max_size=30).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n", "\r\n", "\n \n"]).map(lambda gap: gap.join(lines))
)


def document(text: str, *, single: bool = False, cuts: tuple[int, ...] = ()) -> RawDocument:
    edges = [0, *sorted(min(c, len(text)) for c in cuts), len(text)]
    pages = tuple(Span(a, b) for a, b in pairwise(edges))
    now = datetime(2024, 4, 2, tzinfo=UTC)
    return RawDocument("page.txt", "text/plain", now, "", text, single_article=single, pages=pages)


def covered(split: SegmentedDocument) -> set[int]:
    places: set[int] = set()
    for article in split.articles:
        for run in article.origin:
            places.update(range(run.origin_start, run.origin_start + run.length))
        for span in article.head_origin:
            places.update(range(span.start, span.end))
    for block in split.dropped:
        places.update(range(block.span.start, block.span.end))
    return places


@pytest.mark.parametrize("single", [False, True], ids=["page", "single article"])
def test_every_printed_character_is_somewhere(single: bool) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(PAGES, st.lists(st.integers(0, 400), max_size=2))
    def check(text: str, cuts: list[int]) -> None:
        split = split_document(document(text, single=single, cuts=tuple(cuts)), SPLITTER)
        places = covered(split)
        kept = {
            at for run in normalise(text).runs for at in range(run.origin_start, run.origin_start + run.length)
        }
        lost = [text[at] for at in sorted(kept) if not text[at].isspace() and at not in places]
        assert not lost

    check()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(PAGES)
def test_spans_and_sentences_lie_inside_and_lead_back(text: str) -> None:
    split = split_document(document(text), SPLITTER)
    for article in split.articles:
        assert all(0 <= s.start < s.end <= len(text) for s in article.head_origin)
        assert all(s.span.end <= len(article.text) for s in article.sentences)
        for run in article.origin:
            assert run.text_start + run.length <= len(article.text)
            raw = text[run.origin_start : run.origin_start + run.length]
            assert normalise(raw).text.strip() in (
                "",
                *_forms(article.text[run.text_start : run.text_start + run.length]),
            )


def _forms(text: str) -> tuple[str, ...]:
    """What the normaliser can make of the raw characters out of their context."""
    plain = text.strip()
    return (
        plain,
        normalise(plain).text.strip(),
        normalise(plain.translate(str.maketrans("，：；！？（）", ",:;!?()"))).text.strip(),
    )


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(PAGES)
def test_splitting_twice_gives_the_same(text: str) -> None:
    assert split_document(document(text), SPLITTER) == split_document(document(text), SPLITTER)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(PAGES)
def test_ids_are_distinct(text: str) -> None:
    ids = [article.id for article in split_document(document(text), SPLITTER).articles]
    assert len(ids) == len(set(ids))
