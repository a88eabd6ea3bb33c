"""Datelines of any agency or paper, and what only looks like one."""

from __future__ import annotations

import pytest

from briefing.text.datelines import dateline_reporters, find_dateline


@pytest.mark.parametrize(
    ("dateline", "rest"),
    [
        pytest.param("本报讯（记者 周砚秋）", "9月16日，全县召开推进会。", id="own_paper"),
        pytest.param("本报云屏9月17日电 ", "今天起试运行。", id="own_paper_with_place"),
        pytest.param("新华社北京4月25日电 ", "有关部门发布通知。", id="agency"),
        pytest.param("中新社云屏9月17日电（记者 王明）", "当地召开会议。", id="other_agency"),
        pytest.param("岳东通讯社云屏9月17日电（记者 王明）", "云屏市召开会议。", id="unknown_agency"),
        pytest.param("青石县报双槐讯（通讯员 李进）", "再生稻收获。", id="unknown_paper"),
        pytest.param("安澜晚报讯（记者 王明）", "公交改线。", id="evening_paper"),
        pytest.param("岳东网9月1日讯", "今起开学。", id="site"),
    ],
)
def test_dateline_is_found_up_to_its_end(dateline: str, rest: str) -> None:
    found = find_dateline(dateline + rest)
    assert found is not None
    assert (dateline + rest)[found.start : found.end] == dateline


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("本报记者从供电公司获悉，线路已经恢复。", id="reporter_learned"),
        pytest.param("合作社光伏发电项目9月1日并网。", id="cooperative"),
        pytest.param("县供电公司网络通讯一度中断。", id="network"),
        pytest.param("居民可到窗口填报电话登记。", id="telephone"),
        pytest.param("", id="empty"),
    ],
)
def test_news_that_looks_like_a_dateline_is_none(text: str) -> None:
    assert find_dateline(text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("岳东通讯社云屏9月17日电（记者 王明）云屏市召开会议。", "记者 王明", id="agency"),
        pytest.param("本报讯（记者 邹可 通讯员 何立）新学期。", "记者 邹可 通讯员 何立", id="two_roles"),
        pytest.param("本报讯（试行）办法印发。", "", id="no_names"),
    ],
)
def test_reporters_are_those_in_brackets(text: str, names: str) -> None:
    assert dateline_reporters(text) == names
