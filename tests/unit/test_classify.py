"""Policy area and importance of an article, by the shipped model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from briefing import resources
from briefing.classify import AREAS, Classifier, load_classifier
from briefing.errors import ResourceError
from briefing.records import Article


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_classifier()


def make(title: str, text: str, **more: str) -> Article:
    return Article(id="a", source="a.txt", title=title, text=text, sentences=(), origin=(), **more)


CASES = [
    pytest.param(
        "青禾县上半年规上工业增加值增长8.2%",
        "县统计局7月20日发布数据，上半年全县规模以上工业增加值同比增长8.2%，固定资产投资增长11.4%，社会消费品零售总额增长6.9%。",
        "经济运行",
        id="economy",
    ),
    pytest.param(
        "临河市高标准农田建设助力夏粮丰收",
        "6月12日，临河市王庄村小麦开镰收割。该市今年建成高标准农田12万亩，推广节水灌溉和良种，农户亩均增收180元，合作社带动村民种植蔬菜。",
        "乡村振兴",
        id="countryside",
    ),
    pytest.param(
        "黄河湿地生态修复工程完工",
        "市生态环境局介绍，湿地修复工程恢复植被3400亩，水质由四类提升到三类，监测到候鸟92种，大气和水污染防治成效明显。",
        "生态环境",
        id="environment",
    ),
    pytest.param(
        "公安机关破获一起电信网络诈骗案",
        "市公安局3月5日通报，民警打掉一个电信网络诈骗犯罪团伙，抓获犯罪嫌疑人23名，冻结涉案资金460万元，检察机关已批准逮捕。",
        "法治安全",
        id="law",
    ),
    pytest.param(
        "某国宣布提高进口关税 多国表示反对",
        "当地时间9日，某国总统宣布对进口钢铁加征关税。欧盟委员会主席表示将采取反制措施，联合国秘书长呼吁各方对话。",
        "国际港澳台",
        id="abroad",
    ),
    pytest.param(
        "",
        "4月18日，市博物馆“运河遗珍”特展开幕，展出文物210件，非物质文化遗产传承人现场演示，吸引游客参观，带动文化旅游消费。",
        "文化旅游",
        id="culture-without-a-title",
    ),
]


@pytest.mark.parametrize(("title", "text", "area"), CASES)
def test_a_plain_case_gets_its_area(title: str, text: str, area: str, classifier: Classifier) -> None:
    assert classifier.classify([make(title, text)])[0].area == area


def test_probabilities_cover_all_areas_and_sum_to_one(classifier: Classifier) -> None:
    (found,) = classifier.classify([make("全市经济工作会议召开", "会议部署全年重点任务。")])
    assert {name for name, _ in found.areas} == set(AREAS)
    assert sum(p for _, p in found.areas) == pytest.approx(1.0, abs=0.002)
    assert [p for _, p in found.areas] == sorted((p for _, p in found.areas), reverse=True)
    assert found.area == found.areas[0][0]


def test_a_national_decision_outranks_a_match_report(classifier: Classifier) -> None:
    decision = make(
        "国务院办公厅印发关于加快推进城市更新工作的指导意见",
        "近日，国务院办公厅印发意见，部署各地区各部门推进城市更新，到2027年完成老旧小区改造任务，要求各省、自治区、直辖市贯彻落实。",
    )
    match = make("县业余羽毛球赛落幕", "10月2日，县业余羽毛球赛在体育馆落幕，张强获男子单打冠军。")
    high, low = classifier.classify([decision, match])
    assert high.importance > low.importance + 1


def test_the_kicker_is_read_with_the_title(classifier: Classifier) -> None:
    plain, kicked = classifier.classify(
        [make("再创佳绩", "活动举行。"), make("再创佳绩", "活动举行。", kicker="粮食生产")]
    )
    assert plain.areas != kicked.areas


@pytest.mark.parametrize(
    "article",
    [
        pytest.param(make("", ""), id="empty"),
        pytest.param(make("……", "！？\n"), id="marks-only"),
        pytest.param(make("x" * 10_000, "y" * 200_000), id="huge-latin"),
        pytest.param(make("\ud800\u202e\x00", "{{ 7*7 }}"), id="hostile"),
    ],
)
def test_any_text_gets_an_area_and_an_importance_in_range(article: Article, classifier: Classifier) -> None:
    (found,) = classifier.classify([article])
    assert found.area in AREAS
    assert 1.0 <= found.importance <= 5.0


def test_results_keep_the_order_and_do_not_depend_on_the_company(classifier: Classifier) -> None:
    articles = [make(p.values[0], p.values[1]) for p in CASES]  # type: ignore[arg-type]
    together = classifier.classify(articles)
    assert together == [classifier.classify([a])[0] for a in articles]


def test_nothing_gives_nothing(classifier: Classifier) -> None:
    assert classifier.classify([]) == []


def test_the_weights_stay_small() -> None:
    assert resources.find("models", "areas", "weights.npz").stat().st_size <= 5_000_000


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(b"PK\x03\x04 no"), id="broken-zip"),
        pytest.param(lambda path: np.savez(path, areas=np.array(AREAS)), id="arrays-missing"),
        pytest.param(lambda path: np.savez(path, areas=np.array(["要闻"])), id="other-areas"),
        pytest.param(lambda path: None, id="missing"),
    ],
)
def test_a_damaged_model_is_a_resource_error_that_names_the_file(damage, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "weights.npz"
    damage(path)
    with pytest.raises(ResourceError, match=r"weights\.npz"):
        load_classifier(path)
