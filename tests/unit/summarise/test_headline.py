"""The item's headline: the paper's own when it informs, else one that stands in the text."""

from __future__ import annotations

import pytest

from briefing.records import Article
from briefing.summarise import SummaryOptions, load_engine
from briefing.summarise.headline import MAX_MADE_CHARS, make_headline, needs_made, own_headline
from briefing.summarise.units import read_document
from briefing.text.sentences import split_sentences
from briefing.words import load_lexicon

TEXT = "4月8日，青禾市政府召开新闻发布会。青禾市一季度开工重点项目112个，完成投资86.4亿元，占年度计划的27.5%。市里还将开展用地清理。"


def article(title: str, text: str = TEXT) -> Article:
    return Article("a", "test", title, text, split_sentences(text), ())


@pytest.mark.parametrize(
    ("title", "want"),
    [
        pytest.param(
            "青禾一季度重点项目完成投资86.4亿元", "青禾一季度重点项目完成投资86.4亿元", id="informative"
        ),
        pytest.param("【高质量发展】青禾市新建学校8所", "青禾市新建学校8所", id="rubric in front"),
        pytest.param("青禾市新建学校8所（新春走基层）", "青禾市新建学校8所", id="rubric behind"),
        pytest.param("3. 青禾市新建学校8所", "青禾市新建学校8所", id="number of the item"),
        pytest.param("青禾市新建学校8所——教育强市系列报道之三", "青禾市新建学校8所", id="second headline"),
        pytest.param(
            "青禾市农村供水管理办法（试行）", "青禾市农村供水管理办法（试行）", id="name of a document"
        ),
        pytest.param("林远在青禾市调研时强调", "林远在青禾市调研", id="kicker that hangs"),
    ],
)
def test_own_headline(title: str, want: str) -> None:
    found = own_headline(article(title), load_lexicon())
    assert found is not None
    words, (ref,) = found
    assert words == want == title[ref.span.start : ref.span.end]


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("聚力攻坚突破 推进强市建设", id="slogan"),
        pytest.param("简讯", id="label"),
        pytest.param("体育课效果如何？", id="question"),
        pytest.param("加强合作 分享经验 推进发展", id="nobody acts"),
        pytest.param("“让老百姓更方便”", id="quotation only"),
        pytest.param("", id="none"),
    ],
)
def test_titles_that_do_not_inform(title: str) -> None:
    assert own_headline(article(title), load_lexicon()) is None


def test_made_headline_is_a_whole_clause_with_its_subject() -> None:
    [summary] = load_engine("extract").summarise([article("聚力攻坚")], SummaryOptions())
    assert summary.headline in ("青禾市一季度开工重点项目112个", "青禾市政府召开新闻发布会")
    assert len(summary.headline) <= MAX_MADE_CHARS
    assert {r.part for r in summary.headline_sources} == {"text"}


def headline(text: str, title: str = "", **heads: str) -> str:
    given = Article("a", "test", title, text, split_sentences(text), (), **heads)
    [summary] = load_engine("extract").summarise([given], SummaryOptions(min_source_chars=0))
    return summary.headline


BODY = "青禾生物公司副总经理高远介绍，近3年，公司总研发投入超3亿元，新药6种。望川区规模以上企业8家，实现产值54.5亿元。"


@pytest.mark.parametrize(
    ("title", "heads", "want"),
    [
        pytest.param(
            "青禾这家企业科研经费投入再刷新",
            {"kicker": "3年突破3亿元"},
            "3年突破3亿元 青禾这家企业科研经费投入再刷新",
            id="kicker that tells the figure",
        ),
        pytest.param(
            "让理论“飞入寻常百姓家”",
            {"subtitle": "——记青禾市社科联调研员高远同"},
            "高远同：让理论“飞入寻常百姓家”",
            id="portrait",
        ),
    ],
)
def test_heads_around_the_title_tell_what_it_leaves_out(title: str, heads: dict[str, str], want: str) -> None:
    assert headline(BODY + "高远同工作7年。", title, **heads) == want


@pytest.mark.parametrize(
    ("text", "title", "want"),
    [
        pytest.param(
            "青禾市财政局、教育局等六部门近日印发《关于加大对个体工商户扶持力度的指导意见》，减免房租。",
            "六部门印发指导意见",
            "六部门印发《关于加大对个体工商户扶持力度的指导意见》",
            id="of what the document is",
        ),
        pytest.param(
            "中共青石省纪委对高远严重违纪问题进行了立案审查，给予开除党籍处分。",
            "青石省人民代表大会环境与资源保护委员会原副主任委员、青禾市委原书记高远严重违纪被开除党籍",
            "青禾市委原书记高远严重违纪被开除党籍",
            id="last office of a long title",
        ),
    ],
)
def test_titles_mended(text: str, title: str, want: str) -> None:
    assert headline(text, title) == want


@pytest.mark.parametrize(
    ("text", "never"),
    [
        pytest.param(
            "青禾田径锦标赛将于8月22日在青禾体育场举行。青禾市准备就绪。", "将于在", id="a date that 于 needs"
        ),
        pytest.param(
            "为进一步规范刑罚执行工作，有效提升监督工作质效，近日，青禾市检察院开展专项检查12次。",
            "有效提升",
            id="an aim is no result",
        ),
        pytest.param(
            "青石首都青禾发生爆炸事件，造成至少28人死亡。", "青石首都青禾造成", id="a place causes nothing"
        ),
        pytest.param(
            "青禾市一名男子躺在河道里，好在民警及时发现，将这名男子拉了回来。",
            "男子将这名男子",
            id="somebody else came between",
        ),
        pytest.param("根据《青禾市备案通知》，青禾平台推出备案服务8项。", "根据", id="a phrase"),
        pytest.param(
            "通胀放缓的范围虽然较广，但主因是基数较高。青禾市物价平稳。", "虽然", id="half a concession"
        ),
    ],
)
def test_what_a_made_headline_never_says(text: str, never: str) -> None:
    found = headline(text)
    assert found
    assert never not in found


def test_a_claim_keeps_its_speaker_in_the_headline() -> None:
    text = "青禾研究所日前发表文章说，供应链将加快重组，望川市仍是关键。"
    found = headline(text)
    assert "将加快重组" not in found or found.startswith("青禾研究所")


def test_a_long_title_is_never_cut_inside_a_quotation() -> None:
    title = "青禾市举办第五届“携手圆梦 共创未来”中小企业数字化转型成果展示交流暨投融资对接大会系列活动"
    found = headline(BODY, title)
    assert found.count("“") == found.count("”")


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("青禾一季度重点项目完成投资86.4亿元", id="tells the news"),
        pytest.param("六部门印发指导意见", id="names no document"),
        pytest.param("招商能力再提升", id="vague"),
        pytest.param("聚力攻坚突破 推进强市建设", id="slogan"),
        pytest.param("", id="none"),
    ],
)
def test_a_headline_is_made_exactly_where_it_can_be_printed(title: str) -> None:
    document, lexicon = read_document(article(title)), load_lexicon()
    printed = make_headline(document, (), lexicon, ("青禾市开工重点项目112个", ()))[0]
    assert needs_made(document, lexicon) is (printed == "青禾市开工重点项目112个")
