"""The measure of what a reader stumbles over sees what it says it sees."""

from __future__ import annotations

import pytest

from tests.quality.measure_reading import kinds_in


@pytest.mark.parametrize(
    ("summary", "source", "want"),
    [
        pytest.param("青禾市图书馆新馆开放。", "", set(), id="nothing wrong"),
        pytest.param("青禾市图书馆的馆长。", "", {"no verb"}, id="noun phrase"),
        pytest.param("该馆日均接待3000人。", "", {"points at nothing"}, id="pronoun first"),
        pytest.param("企业还将新建生产线8条。", "", {"points at nothing"}, id="bare noun without its name"),
        pytest.param("青禾公司投产。公司还将新建生产线。", "", set(), id="bare noun after its name"),
        pytest.param(
            "节目讲述了村书记高远。",
            "节目讲述了村书记高远，场长林一苇等同志的事迹。",
            {"list cut"},
            id="list cut",
        ),
    ],
)
def test_kinds(summary: str, source: str, want: set[str]) -> None:
    assert kinds_in(summary, source) == want
