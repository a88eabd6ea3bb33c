"""Boilerplate marks, adverts, and how well a text was read. All texts are invented."""

from __future__ import annotations

import random

import pytest

from briefing.clean import MIN_TEXT_QUALITY, is_advertisement, mark_boilerplate, text_quality
from briefing.records import Article, DropReason
from briefing.text.sentences import split_sentences

NEWS = (
    "3月4日，江城市政府召开常务会议，研究老旧小区改造工作。会议决定，今年拟投入2.3亿元，改造老旧小区46个，惠及居民1.2万户。\n"
    "市住房和城乡建设局局长周岩表示，首批18个小区将于4月开工，力争年底前完工。会议强调，要严把工程质量关，未经验收合格的项目不得交付使用。"
)


def article(text: str, *, title: str = "", caption: bool = False, byline: str = "") -> Article:
    return Article("a", "甲.txt", title, text, split_sentences(text), (), caption=caption, byline=byline)


def marks(text: str, *, caption: bool = False) -> list[DropReason | None]:
    return [s.dropped for s in mark_boilerplate(article(text, caption=caption)).sentences]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("返回搜狐，查看更多", "boilerplate"),
        ("责任编辑：方晓", "credit"),
        ("编辑 方晓 校对 周岩", "credit"),
        ("版式设计：周岩", "credit"),
        ("转载请注明出处。", "boilerplate"),
        ("免责声明：本文仅供参考，不代表本网立场。", "boilerplate"),
        ("版权归原作者所有，如有侵权请联系删除。", "boilerplate"),
        ("扫码关注“江城发布”公众号", "boilerplate"),
        ("欢迎关注本报视频号，更多精彩等你来！", "boilerplate"),
        ("来源：江城日报", "boilerplate"),
        ("（来源：江城日报客户端）", "boilerplate"),
        ("原标题：江城启动老旧小区改造", "boilerplate"),
        ("（完）", "boilerplate"),
        ("（记者 方晓）", "byline"),
        ("本报记者 方晓 通讯员 周岩", "byline"),
        ("■ 方晓 周岩", "byline"),
        ("作者：方晓", "byline"),
        ("新华社北京4月25日电", "dateline"),
        ("图为工人正在给外墙加装保温层。", "caption"),
        ("本报记者 方晓 摄", "caption"),
        ("方晓摄", "caption"),
        ("新华社发", "caption"),
        ("（下转第3版）", "jump"),
        ("（上接第一版）", "jump"),
        ("新闻热线：0300-5550199", "hotline"),
        ("24小时报料热线：96300", "hotline"),
        ("投稿邮箱：news@example.cn", "hotline"),
        ("2026年3月5日 星期四", "masthead"),
        ("第02版 要闻", "masthead"),
        ("广告", "advertisement"),
    ],
    ids=lambda value: value[:12],
)
def test_what_is_no_news_is_marked(line: str, reason: str) -> None:
    assert marks(f"{NEWS}\n{line}")[-1] == DropReason(reason)


@pytest.mark.parametrize(
    "line",
    [
        "市公安局表示，市民可拨打举报电话0300-5550199反映问题。",
        "居民扫码关注社区公众号后即可预约，群众少跑了腿。",
        "法院认定，被告未经许可转载他人作品，侵犯了版权。",
        "企业版权所有量增长8%，全市登记作品1.2万件。",
        "记者进行了调研。",
        "记者在现场看到，首批小区已经开工。",
        "来源于农业的收入占六成，增长3.1%。",
        "编辑出版《江城年鉴》是市地方志办公室今年的重点工作。",
        "本报北京4月2日电 国家统计局发布数据，增长5%。",
        "图书馆今年拟新增藏书2万册。",
        "新华社发（方晓摄）据介绍，全市今年不断放宽经营主体准入门槛，拓宽经营主体准入领域，丰富结构形式。",
        "全市12345热线8月受理诉求28614件。",
        "责任编辑制度今年在全市推开，已有36家单位实行。",
    ],
    ids=lambda value: value[:12],
)
def test_news_that_looks_like_it_is_kept(line: str) -> None:
    assert marks(f"{line}\n{NEWS}")[0] is None
    assert marks(f"{NEWS}\n{line}")[-1] is None


def test_marking_changes_nothing_but_marks_and_is_done_once() -> None:
    before = article(f"{NEWS}\n责任编辑：方晓")
    after = mark_boilerplate(before)
    assert after.text == before.text
    assert [s.span for s in after.sentences] == [s.span for s in before.sentences]
    assert mark_boilerplate(after) == after


def test_clean_news_has_no_marks() -> None:
    assert marks(NEWS) == [None] * 4


def test_a_caption_keeps_its_own_text() -> None:
    assert marks("图为首批小区施工现场。 方晓 摄", caption=True)[0] is None


@pytest.mark.parametrize(
    "text",
    [
        "遗失声明\n江城东方轴承有限公司不慎遗失公章一枚，声明作废。",
        "注销公告\n江城某商贸有限公司拟向登记机关申请注销，请债权人于45日内申报债权。",
        "旺铺招租\n临街商铺200平方米，价格面议。",
        "江城国际花园火热热销中\n首付8万元起，限时优惠，欢迎来电咨询。售楼热线：5550199 项目地址：建设路18号",
        "天天特价大促\n全场5折起，满200减50，原价99元现价49元，抢购热线：5550188",
        "诚聘销售经理两名，待遇优厚。",
    ],
    ids=lambda value: value[:6],
)
def test_advertisements_are_told(text: str) -> None:
    assert is_advertisement(article(text))


@pytest.mark.parametrize(
    "text",
    [
        NEWS,
        "本报讯（记者 方晓）市商务局昨日启动消费券发放，满200元减50元，限时三天，咨询电话5550199。",
        "江城市人民政府关于调整最低工资标准的公告\n经研究决定，自4月1日起调整我市最低工资标准。",
        "市人社局发布招聘公告，面向社会公开招聘教师120名。咨询电话：5550199。",
        "房价回落\n一季度全市新房价格同比下降2%，部分楼盘推出优惠，首付比例降至15%。",
    ],
    ids=lambda value: value[:6],
)
def test_news_and_official_notices_are_no_advertisements(text: str) -> None:
    assert not is_advertisement(article(text))


# The everyday hanzi of GB 2312, as a bad reader picks among them.
POOL = bytes(b for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF) for b in (row, cell)).decode("gb2312")


def damaged(text: str, share: float, seed: int) -> str:
    rng = random.Random(seed)
    return "".join(rng.choice(POOL) if c in POOL and rng.random() < share else c for c in text)


def test_clean_print_is_of_full_quality() -> None:
    assert text_quality(article(NEWS)) > 0.97


@pytest.mark.parametrize("seed", range(5))
def test_quality_falls_with_damage_and_passes_below_the_floor(seed: int) -> None:
    long = NEWS * 3
    slight, heavy = (text_quality(article(damaged(long, share, seed))) for share in (0.03, 0.35))
    assert MIN_TEXT_QUALITY < slight < 1.0
    assert heavy < MIN_TEXT_QUALITY


@pytest.mark.parametrize("text", ["~^|<>#$ " * 30, "\ufffd" * 40, " \n "], ids=["signs", "lost", "blank"])
def test_what_is_no_text_has_no_quality(text: str) -> None:
    assert text_quality(article(text)) < 0.2
