"""The real page of 聊城日报: seven items mixed together, one headline at the very end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from briefing import resources
from briefing.records import Article, DropReason, RawDocument, SegmentedDocument
from briefing.segment import load_splitter, split_document

HEADS = [
    ("", "招商能力再提升", "——我市全面提高招商引资工作质效系列报道之四", "本报记者 赵琦"),
    ("", "全市首个退役军人税费咨询服务站成立", "", "记者 邹辉 通讯员 祝文彬"),
    ("聚焦流程再造", "聊城以点式改革获链式成效", "", "记者 王鹏 姬翔 闫振"),
    ("", "让党的创新理论“飞入寻常百姓家”", "——记聊城市社科联四级调研员史晓玲", "本报记者 吕晓磊"),
    ("", "", "", "本报记者 郝川 张晨"),
    ("讲述榜样故事 传播党的声音", "电视栏目《聊城党建》获社会好评", "", "记者 岳殿举"),
    ("3年突破3亿元", "聊城这家企业科研经费投入再刷新", "", "记者 赵艳君"),
]
ENDS = [
    ("新春开局，山东把第一笔", "持续扩大对外合作“朋友圈”。"),
    ("本报讯（记者 邹辉 通讯员 祝文彬）4月1日，", "税务优惠政策和税务优质服务。"),
    ("本报讯（记者 王鹏 姬翔 闫振）“原来，", "实现了群众少跑腿、数据多跑路。"),
    ("基层宣讲是打通党的创新理论传播", "“五为”优秀志愿服务队。"),
    ("3月29日，从空中俯瞰莘县燕店镇", "以财富民，助力乡村振兴。"),
    ("本报讯（记者 岳殿举）“他们的先进事迹", "更好地服务全市经济社会高质量发展。"),
    ("本报讯（记者 赵艳君）3月27日，", "等7大健康产业项目签约落地。"),
]


def page_document() -> RawDocument:
    text = resources.find("samples", "liaocheng-daily-page.txt").read_text("utf-8")
    return RawDocument("liaocheng-daily-page.txt", "text/plain", datetime(2024, 4, 2, tzinfo=UTC), "", text)


@pytest.fixture(scope="module")
def split() -> SegmentedDocument:
    return split_document(page_document(), load_splitter())


def test_page_gives_its_seven_items(split: SegmentedDocument) -> None:
    assert len(split.articles) == len(HEADS)


@pytest.mark.parametrize("number", range(7), ids=[h[1] or "照片" for h in HEADS])
def test_headline_stack_and_byline_are_as_an_editor_reads_them(split: SegmentedDocument, number: int) -> None:
    article = split.articles[number]
    assert (article.kicker, article.title, article.subtitle, article.byline) == HEADS[number]


@pytest.mark.parametrize("number", range(7), ids=[h[1] or "照片" for h in HEADS])
def test_text_runs_from_its_first_to_its_last_words(split: SegmentedDocument, number: int) -> None:
    text = split.articles[number].text
    start, end = ENDS[number]
    assert (text[: len(start)], text[-len(end) :]) == (start, end)


def test_only_the_photograph_is_a_caption(split: SegmentedDocument) -> None:
    assert [a.caption for a in split.articles] == [False, False, False, False, True, False, False]


@pytest.mark.parametrize(
    ("number", "joined"),
    [
        pytest.param(0, "共签约项目2个，合同外资4000万美元。", id="number and measure word"),
        pytest.param(0, "赵迎春表示，“要发扬", id="verb and mark"),
        pytest.param(0, "引导企业积极宣传", id="word"),
        pytest.param(5, "国有广平林场场长王吉贵", id="name"),
        pytest.param(6, "我们的新型第三代溶栓药物", id="phrase"),
        pytest.param(6, "生物医药类限上贸易企业3家", id="compound"),
    ],
)
def test_broken_columns_are_rejoined(split: SegmentedDocument, number: int, joined: str) -> None:
    assert joined in split.articles[number].text


def test_subheadings_stay_in_their_article_as_paragraphs(split: SegmentedDocument) -> None:
    paragraphs = split.articles[3].text.split("\n")
    assert {
        "打造品牌，推动党的理论落地生根",
        "深学笃行，拓展党的理论传播研究",
        "创新模式，让理论宣讲“走新”更“入心”",
    } <= set(paragraphs)


def test_slogans_and_rubrics_are_dropped_with_their_reason(split: SegmentedDocument) -> None:
    reasons = {block.text: block.reason for block in split.dropped}
    assert reasons == {
        "筑梦现代化 共绘新图景 稳扎稳打有干头": DropReason.SLOGAN,
        "目击": DropReason.RUBRIC,
        "山东新闻名专栏": DropReason.RUBRIC,
        "聚力攻坚突破 推进强市建设": DropReason.SLOGAN,
    }


def spelled(article: Article, raw: str) -> str:
    return "".join(raw[run.origin_start : run.origin_start + run.length] for run in article.origin)


@pytest.mark.parametrize("number", range(7), ids=[h[1] or "照片" for h in HEADS])
def test_origin_leads_back_to_the_printed_characters(split: SegmentedDocument, number: int) -> None:
    half = str.maketrans("，：；！？（）", ",:;!?()")
    article = split.articles[number]
    printed = spelled(article, page_document().text).translate(half).replace(" ", "")
    assert printed == article.text.translate(half).replace("\n", "").replace(" ", "")


def test_displaced_headline_is_found_where_it_was_printed(split: SegmentedDocument) -> None:
    raw = page_document().text
    printed = "".join(raw[s.start : s.end] for s in split.articles[3].head_origin)
    assert "飞入寻常百姓家" in printed
    assert max(s.end for s in split.articles[3].head_origin) == len(raw.rstrip())
