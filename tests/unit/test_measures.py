"""What the measures count, on made summaries: a measure that cannot fail is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.quality.measure_headlines import is_unsupported
from tests.quality.measure_summaries import fillings
from tools.fill_card import KEYS, OURS, PEERS, table

SENTENCES = {"甲": "甲" * 59 + "。", "乙": "乙" * 79 + "。", "丙": "丙" * 49 + "。", "丁": "丁" * 19 + "。"}
TEXT = "".join(SENTENCES.values())


def test_a_peer_is_filled_in_every_way_a_user_might_choose() -> None:
    ranked = [SENTENCES[k] for k in "乙丙甲丁"]

    def top(count: int) -> list[str]:
        return ranked[:count]

    found = fillings(top, TEXT)
    assert found["ranked, whole"] == SENTENCES["乙"] + SENTENCES["丙"]
    assert found["ranked, that fit"] == SENTENCES["乙"] + SENTENCES["丙"] + SENTENCES["丁"]
    assert found["best 3, that fit"] == SENTENCES["甲"] + SENTENCES["乙"]
    assert found["best 3, cut"] == TEXT[:150]
    assert all(len(summary) <= 150 for summary in found.values())


@pytest.mark.parametrize(
    ("headline", "unsupported"),
    [
        pytest.param("青禾县开工12个项目", False, id="all of it in the text"),
        pytest.param("青禾县开工13个项目", True, id="a number that the text lacks"),
        pytest.param("上海市开工12个项目", True, id="a place that the text lacks"),
    ],
)
def test_a_headline_is_held_against_its_text(headline: str, unsupported: bool) -> None:
    assert is_unsupported(headline, "青禾县昨日开工 12 个项目，总投资3亿元。") is unsupported


def test_the_card_names_how_each_peer_was_filled() -> None:
    figures = {
        f"{name}{suffix}_{key}": 61.23 for name, _ in OURS for suffix in ("", "_untitled") for key in KEYS
    }
    figures |= {f"{name} (best 4, cut)_{key}": 50.56 for name, _ in PEERS for key in KEYS}
    text = table(json.loads(json.dumps(figures)))
    assert "| clauses (default) | 61.2 | 61.2 | 61.2 | 61.2 | 61.2 / 61.2 / 61.2 / 61.2 |" in text
    assert "| LexRank (best 4, cut) | 50.6 | 50.6 | 50.6 | 50.6 | |" in text


def test_a_card_without_peers_is_refused() -> None:
    figures = {f"{name}{suffix}_{key}": 1.0 for name, _ in OURS for suffix in ("", "_untitled") for key in KEYS}
    with pytest.raises(SystemExit, match="lexrank: not measured"):
        table(figures)


def test_the_card_has_room_for_the_table() -> None:
    card = Path(__file__).parents[2] / "models" / "clauses" / "README.md"
    assert card.read_text("utf-8").count("<!-- table:begin -->") == 1
