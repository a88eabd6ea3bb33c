"""Copies and same-event reports become stories; nothing is lost and nothing unlike is joined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from briefing.dedupe import DedupeOptions, count_publishers, load_scorer, merge_stories
from briefing.dedupe.pairs import FEATURES, PairScorer, pair_features, profile
from briefing.records import Article, Story

DAY = date(2024, 4, 2)
STATION = (
    "4月1日，青禾县退役军人税费咨询服务站揭牌仪式在国家税务总局青禾县税务局举行。该服务站由县税务局、县退役军人事务局联合设立，"
    "依托办税服务厅开展服务工作，设置专门区域和窗口，实现税费宣传讲解、业务办理等一站式服务。\n"
    "据介绍，服务站将为退役军人提供办税缴费事项受理、涉税权益保障等方面的服务，推出一网通办、延时受理、绿色通道等举措。"
    "县税务局抽调12名业务骨干组成服务团队，每周三下午在站内值守。\n"
    "截至目前，全县共有退役军人创办企业86家，去年享受税费减免1240万元。"
)
STATION_ELSEWHERE = (
    "记者从青禾县获悉，当地首个退役军人税费咨询服务站日前揭牌。服务站由青禾县税务局和退役军人事务局共同建立，设在办税服务厅，"
    "12名业务骨干每周三下午值守，为退役军人解答创业中的税费问题，提供绿色通道、延时受理等服务。该县退役军人创办的86家企业"
    "去年共享受税费减免1240万元。"
)
BRIDGE = (
    "4月1日上午，临河市黄河大桥改扩建工程正式开工。大桥全长3.2公里，总投资18.6亿元，计划2026年10月建成通车。"
    "项目采用双向六车道标准，设计时速80公里，建成后主城区到高铁站的时间将由40分钟缩短到15分钟。\n"
    "市交通运输局负责人介绍，工程分两期实施，一期先建设北岸引桥和主墩，二期完成主桥合龙。施工期间原桥保持通行。"
)


@pytest.fixture(scope="module")
def scorer() -> PairScorer:
    return load_scorer()


def make(
    name: str, text: str, title: str = "", outlet: str = "", day: date | None = DAY, **more: object
) -> Article:
    return Article(
        id=name, source=more.pop("source", f"{name}.txt"), title=title, text=text, sentences=(), origin=(),
        outlet=outlet, published_on=day, **more,
    )  # type: ignore[arg-type]  # fmt: skip


def ids(stories: Sequence[Story]) -> list[list[str]]:
    return [[a.id for a in story.articles] for story in stories]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(STATION, id="same-text"),
        pytest.param("（记者 邹平）" + STATION, id="byline-added"),
        pytest.param(STATION.replace("，", ",").replace("。", "."), id="half-width-marks"),
        pytest.param(STATION.replace("\n", ""), id="line-ends-lost"),
        pytest.param(STATION.rsplit("\n", 1)[0], id="tail-cut"),
        pytest.param(STATION.split("\n", 1)[0], id="only-the-first-paragraph"),
    ],
)
def test_a_reprint_joins_its_original_whatever_its_headline(text: str, scorer: PairScorer) -> None:
    original = make("a", STATION, "青禾成立退役军人税费咨询服务站", "青禾日报")
    reprint = make("b", text, "又一便民举措", "临河晚报")
    other = make("c", BRIDGE, "黄河大桥改扩建工程开工", "临河晚报")
    stories = merge_stories([original, other, reprint], scorer=scorer)
    assert ids(stories) == [["a", "b"], ["c"]]
    assert [a.id for a in stories[0].reprints] == ["b"]


def test_a_report_in_other_words_joins_as_a_report(scorer: PairScorer) -> None:
    articles = [
        make("a", STATION, "青禾县退役军人税费咨询服务站揭牌", "青禾日报"),
        make("b", STATION_ELSEWHERE, "青禾设立首个退役军人税费咨询服务站", "临河晚报"),
        make("c", BRIDGE, "黄河大桥改扩建工程开工", "临河晚报"),
    ]
    stories = merge_stories(articles, scorer=scorer)
    assert ids(stories) == [["a", "b"], ["c"]]
    assert [a.id for a in stories[0].reports] == ["b"]


def daily(day: int, cases: int, total: int) -> str:
    return (
        f"省气象局通报，截至4月{day}日8时，{cases}个县出现寒潮大风，累计{total}个乡镇受到影响，"
        f"最大风速每秒{cases + 7}米。各地已转移群众{total * 13}人，出动抢险队伍{cases * 3}支，没有人员伤亡报告。"
    )


FIGURES_A, FIGURES_B = daily(1, 21, 163), daily(2, 34, 218)


NEAR_MISSES = {
    "next-days-figures": (("全省寒潮影响通报", FIGURES_A), ("全省寒潮影响通报", FIGURES_B)),
    "another-leader-same-guest": (
        (
            "周建国会见瑞士客人",
            "市委书记周建国4月1日在市会议中心会见瑞士客商穆勒一行，介绍临河与瑞士企业的合作。",
        ),
        ("林海燕会见瑞士客人", "市长林海燕4月1日在市会议中心会见瑞士客商穆勒一行，表示将为企业提供优质服务。"),
    ),
    "preview-and-event": (
        ("黄河大桥改扩建工程将开工", "黄河大桥改扩建工程将于4月1日开工，大桥全长3.2公里，总投资18.6亿元。"),
        ("黄河大桥改扩建工程开工", BRIDGE),
    ),
    "another-county-with-figures": (
        ("青禾县春耕备耕进展顺利", "青禾县今年计划春播42万亩，目前已备足种子3800吨、化肥1.2万吨。"),
        ("临河市春耕备耕进展顺利", "临河市今年计划春播87万亩，目前已备足种子6100吨、化肥2.9万吨。"),
    ),
    "another-county-without-figures": (
        (
            "青禾县召开安全生产工作会议",
            "4月1日，青禾县召开安全生产工作会议，部署重大事故隐患排查整治。县长出席并讲话。",
        ),
        (
            "临河市召开安全生产工作会议",
            "4月1日，临河市召开安全生产工作会议，部署重大事故隐患排查整治。市长出席并讲话。",
        ),
    ),
    "second-and-third-session": (
        ("县政协常委会举行第二次会议", "4月1日上午，县政协常委会举行第二次会议，审议有关人事事项和决议草案。"),
        ("县政协常委会举行第三次会议", "4月2日上午，县政协常委会举行第三次会议，通过有关人事事项和决议草案。"),
    ),
}


@pytest.mark.parametrize(
    ("first", "second"), [pytest.param(*pair, id=name) for name, pair in NEAR_MISSES.items()]
)
def test_near_misses_stay_apart(first: tuple[str, str], second: tuple[str, str], scorer: PairScorer) -> None:
    a, b = (
        make("a", first[1], first[0], "甲报"),
        make("b", second[1], second[0], "乙报", DAY + timedelta(days=1)),
    )
    assert ids(merge_stories([a, b], scorer=scorer)) == [["a"], ["b"]]


def test_a_brief_inside_a_round_up_does_not_swallow_the_round_up(scorer: PairScorer) -> None:
    brief = STATION.split("\n")[1]
    round_up = BRIDGE + "\n" + BRIDGE.replace("黄河", "徒骇河").replace("3.2", "1.7") + "\n" + brief
    stories = merge_stories(
        [make("a", round_up, "一周要闻", "甲报"), make("b", brief, "", "乙报")], scorer=scorer
    )
    assert len(stories) == 2


def test_the_fullest_titled_report_leads_and_a_picture_never_does(scorer: PairScorer) -> None:
    caption = make("a", STATION[:120], "", "青禾日报", caption=True)
    full = make("b", STATION, "青禾县退役军人税费咨询服务站揭牌", "青禾日报")
    stories = merge_stories([caption, full], scorer=scorer)
    assert ids(stories) == [["b", "a"]]


def test_the_earlier_of_two_equal_accounts_leads(scorer: PairScorer) -> None:
    late = make("a", STATION, "服务站揭牌", "甲报", DAY + timedelta(days=1))
    early = make("b", STATION, "服务站揭牌", "乙报", DAY)
    assert ids(merge_stories([late, early], scorer=scorer)) == [["b", "a"]]


def test_reports_of_distant_days_are_never_one_event(scorer: PairScorer) -> None:
    a = make("a", STATION, "青禾县退役军人税费咨询服务站揭牌", "青禾日报")
    b = make("b", STATION_ELSEWHERE, "青禾设立首个退役军人税费咨询服务站", "临河晚报", DAY + timedelta(days=30))
    assert len(merge_stories([a, b], scorer=scorer)) == 2


def test_without_events_only_copies_are_merged() -> None:
    a = make("a", STATION, "青禾县退役军人税费咨询服务站揭牌", "青禾日报")
    b = make("b", STATION_ELSEWHERE, "青禾设立首个退役军人税费咨询服务站", "临河晚报")
    c = make("c", STATION, "服务站", "丙报")
    assert ids(merge_stories([a, b, c], DedupeOptions(merge_events=False))) == [["a", "c"], ["b"]]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([], id="none"),
        pytest.param([""], id="one-empty"),
        pytest.param(["", "", ""], id="all-empty"),
        pytest.param(["……", "！！！", "\n\n"], id="marks-only"),
        pytest.param(["短", "短", STATION, "长" * 50_000], id="short-and-huge"),
        pytest.param(["{{ x }}<script>", "\ud800\u202e", "％" * 30], id="hostile"),
    ],
)
def test_every_article_is_in_exactly_one_story(texts: list[str], scorer: PairScorer) -> None:
    articles = [make(f"n{i}", text, day=None) for i, text in enumerate(texts)]
    stories = merge_stories(articles, scorer=scorer)
    assert sorted(name for story in ids(stories) for name in story) == sorted(a.id for a in articles)


def test_stories_come_in_the_order_of_their_leads_and_twice_the_same(scorer: PairScorer) -> None:
    articles = [
        make("x", BRIDGE, "大桥开工", "甲报"),
        make("y", STATION, "揭牌", "甲报"),
        make("z", BRIDGE, "", "乙报"),
    ]
    first = merge_stories(articles, scorer=scorer)
    assert [s.lead.id for s in first] == ["x", "y"]
    assert merge_stories(articles, scorer=scorer) == first


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        pytest.param([("聊城日报", "p1.txt"), ("聊城日报", "p2.txt")], 1, id="two-pages-of-one-paper"),
        pytest.param([("《聊城日报》", "p1.txt"), ("聊城日报", "p2.txt")], 1, id="name-in-title-marks"),
        pytest.param([("聊城日报", "a.txt"), ("大众日报", "a.txt")], 2, id="two-papers-one-file"),
        pytest.param([("", "a.txt"), ("", "b.txt")], 2, id="unknown-outlets-count-by-file"),
    ],
)
def test_publishers_are_counted_by_outlet_else_by_file(places: list[tuple[str, str]], expected: int) -> None:
    lead, *others = (make(f"n{i}", STATION, outlet=o, source=s) for i, (o, s) in enumerate(places))
    assert count_publishers(Story(lead=lead, reprints=tuple(others))) == expected


def test_pair_features_do_not_depend_on_the_order(scorer: PairScorer) -> None:
    a = profile(make("a", STATION, "青禾县服务站揭牌", "甲报"), scorer.frequencies)
    b = profile(make("b", BRIDGE, "", "乙报", None), scorer.frequencies)
    forth, back = pair_features(a, b), pair_features(b, a)
    assert len(forth) == len(FEATURES)
    assert forth == pytest.approx(back)


def test_a_chain_of_neighbours_is_no_event(scorer: PairScorer) -> None:
    towns = ["东阁镇", "西河镇", "南屏镇", "北坡镇", "中营镇", "沙窝镇"]
    articles = [
        make(
            f"n{i}",
            f"4月{i + 1}日，{town}召开人居环境整治推进会，部署{30 + i * 7}项任务，清理垃圾{120 + i * 91}吨。",
            f"{town}推进人居环境整治",
            f"{town}通讯",
        )
        for i, town in enumerate(towns)
    ]
    assert max(len(s.articles) for s in merge_stories(articles, scorer=scorer)) <= 2
