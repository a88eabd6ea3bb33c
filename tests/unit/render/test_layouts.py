"""Ready layouts and what stands around the items; a layout of one's own is one folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from briefing.errors import ConfigError
from briefing.json_form import read_briefing, to_builtins, to_json
from briefing.records import Briefing, Finding, Layout, Section, Severity, Span
from briefing.render import RenderOptions, render_briefing
from briefing.render.dressing import MAX_JUDGEMENT_CHARS
from briefing.render.layouts import find_layout, shipped_layouts
from briefing.render.view import BriefingView, build_view, view_of
from tests.fixtures_briefing import ledger_item, make_briefing, make_item, park_item, quote, take

OFFICE = Layout(
    mark="内部参阅",
    serial="000012",
    editors_note="第一段。\n第二段。",
    report_to=("市委", "市人大常委会"),
    issue_to=("各县（区）政府",),
    copies=60,
)


def dressed(name: str = "daily", briefing: Briefing | None = None, **changes: object) -> BriefingView:
    made = briefing or make_briefing()
    return build_view(replace(made, layout=replace(OFFICE, name=name, **changes)))  # type: ignore[arg-type]


def test_the_four_ready_layouts_are_there() -> None:
    labels = {name: layout.form.label for name, layout in shipped_layouts().items()}
    assert labels == {"daily": "每日要情", "topic": "信息专报", "opinion": "舆情快报", "digest": "要闻摘编"}
    assert find_layout("信息专报").name == "topic"


@pytest.mark.parametrize("format", [pytest.param("md", id="md"), pytest.param("html", id="html")])
def test_what_the_office_gives_is_printed(format: str) -> None:
    briefing = replace(make_briefing(), layout=OFFICE)
    text = render_briefing(briefing, format).body.decode()
    for words in (
        "内部参阅",
        "000012",
        "【编者按】",
        "第二段。",
        "市委，市人大常委会",
        "各县（区）政府",
        "共印60份",
    ):
        assert words in text
    assert "送：" not in text


def test_a_tail_that_nobody_filled_in_prints_as_pending() -> None:
    view = build_view(make_briefing())
    assert view.dress.distribution == (("报", "【待补】"), ("送", "【待补】"), ("发", "【待补】"))
    assert view.dress.copies == "共印【待补】份"
    keys = [key for _, key in view.dress.pending]
    assert keys == ["layout.report_to, send_to, issue_to", "layout.signer", "layout.copies"]


def test_nothing_is_pending_when_all_is_given() -> None:
    made = replace(make_briefing(), colophon=(("编辑", "周明远"),))
    assert dressed(briefing=made).dress.pending == ()


def test_one_topic_has_its_title_and_no_sections() -> None:
    view = dressed("topic", topic="江城营商环境")
    assert view.dress.topic == "江城营商环境"
    assert [s.heading for s in view.sections] == ["", "", ""]
    assert [i.ordinal for i in view.items] == ["一、", "二、", "三、", "四、"]
    assert not view.contents


def test_the_topic_of_several_items_is_not_guessed() -> None:
    assert dressed("topic").dress.topic == "【待补】"
    single = replace(make_briefing(), sections=(Section("甲", (park_item(),)),))
    assert dressed("topic", single).dress.topic == "江城拟建十八处口袋公园"


def test_the_digest_is_plain_and_has_no_tail() -> None:
    view = dressed("digest")
    assert [i.ordinal for i in view.items] == ["1.", "2.", "3.", "4."]
    assert (view.dress.distribution, view.colophon, view.dress.copies) == ((), (), "")


def test_a_judgement_is_put_together_from_sentences_that_no_check_objects_to() -> None:
    article = take("青石县完成12处改造。", ["青石县完成12处改造。"], source="in/a.txt", title="改造完成")
    proved = make_item(article, (quote(article, "青石县完成12处改造。"),), area="甲", score=2.0)
    warned = replace(
        proved, findings=(Finding("numbers", Severity.WARNING, 0, Span(0, 1), "请核对"),), score=5.0
    )
    briefing = replace(make_briefing(), sections=(Section("甲", (warned, proved)),))
    judgement = dressed("opinion", briefing).dress.judgement
    assert judgement
    assert (judgement.heading, judgement.text) == ("【综述】", "青石县完成12处改造。")
    assert [s.key for s in judgement.sentences] == ["2-1"]


def test_a_judgement_keeps_to_its_length_in_whole_sentences() -> None:
    items = []
    for n in range(9):
        text = f"青石县第{n}季度" + "完成改造" * 10 + "。"
        article = take(text, [text], source=f"in/{n}.txt", title=f"改造{n}")
        items.append(make_item(article, (quote(article, text),), area="甲", score=9.0 - n))
    judgement = dressed(
        "opinion", replace(make_briefing(), sections=(Section("甲", tuple(items)),))
    ).dress.judgement
    assert judgement
    assert 150 < len(judgement.text) <= MAX_JUDGEMENT_CHARS
    assert judgement.text.endswith("。")


def test_without_a_proved_sentence_the_judgement_is_pending_and_a_persons_words_are_kept() -> None:
    warned = replace(park_item(), findings=(Finding("numbers", Severity.ERROR, 0, Span(0, 1), "不符"),))
    briefing = replace(make_briefing(), sections=(Section("甲", (warned,)),))
    judgement = dressed("opinion", briefing).dress.judgement
    assert judgement
    assert judgement.text == "【待补】"
    own = dressed("opinion", briefing, judgement="总体平稳。").dress.judgement
    assert own
    assert (own.heading, own.text) == ("【研判】", "总体平稳。")


def test_appendices_are_the_offices_choice_and_numbered_in_order() -> None:
    assert [a.heading for a in dressed().dress.appendices] == ["附一　来源一览", "附二　未采用材料及原因"]
    assert [a.heading for a in dressed(appendices=("left_out",)).dress.appendices] == ["附一　未采用材料及原因"]
    assert dressed(appendices=()).dress.appendices == ()


def test_the_record_may_ask_for_a_clean_copy() -> None:
    briefing = replace(make_briefing(), sections=(Section("甲", (ledger_item(),)),), layout=Layout(clean=True))
    assert view_of(briefing, RenderOptions()).clean
    assert "<script>" not in render_briefing(briefing, "html").body.decode()


def test_areas_are_counted_for_the_chart() -> None:
    view = dressed()
    assert view.dress.areas == (("民生社会", 2), ("改革开放", 1), ("<s>领域</s>", 1))
    assert view.dress.areas_caption == "本期4条：民生社会2条，改革开放1条，<s>领域</s>1条。"
    assert dressed(chart=False).dress.areas == ()


def test_a_layout_of_ones_own_is_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "county"
    folder.mkdir()
    (folder / "layout.toml").write_text(
        'label = "县情"\ntitle = "青石县情"\nnumbering = "plain"\ntail = false\n', "utf-8"
    )
    (folder / "item.html.j2").write_text("<p>★{{ item.ordinal }}{{ item.headline.text }}</p>\n", "utf-8")
    options = RenderOptions(layout=str(folder))
    page = render_briefing(make_briefing(), "html", options).body.decode()
    assert "<p>★1.青禾县试行“村账云审”</p>" in page
    assert "报：" not in page
    assert "## 【改革开放】" in render_briefing(make_briefing(), "md", options).body.decode()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param('label = "a"\ntitle = "b"\ncolour = "red"\n', "colour", id="unknown key"),
        pytest.param('label = "a"\ntitle = "b"\nmasthead = "blue"\n', "blue", id="unknown value"),
        pytest.param('title = "b"\n', "label", id="missing key"),
        pytest.param("label =\n", "TOML", id="not TOML"),
    ],
)
def test_a_mistake_in_a_layout_names_file_and_key(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "layout.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        find_layout(tmp_path)
    assert named in caught.value.zh
    assert caught.value.source.endswith("layout.toml")


def test_an_unknown_layout_lists_those_there_are() -> None:
    with pytest.raises(ConfigError) as caught:
        find_layout("nowhere")
    assert "daily 每日要情" in caught.value.zh
    assert "opinion" in caught.value.en


def test_a_record_cannot_choose_a_folder_to_read(tmp_path: Path) -> None:
    (tmp_path / "layout.toml").write_text('label = "a"\ntitle = "b"\n', "utf-8")
    briefing = replace(make_briefing(), layout=Layout(name=str(tmp_path)))
    with pytest.raises(ConfigError):
        render_briefing(briefing, "html")


def test_a_record_of_before_there_were_layouts_is_read() -> None:
    import json

    old = to_builtins(make_briefing())
    del old["layout"]
    briefing = read_briefing(json.dumps(old).encode(), source="briefing.json")
    assert briefing.layout == Layout()
    assert read_briefing(to_json(briefing), source="briefing.json") == briefing
