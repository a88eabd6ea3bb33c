"""The words of a briefing over the samples, exactly: headlines, summaries, what the checks found, what was left
out. `make golden` rewrites; read the difference as the reader of the briefing would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from briefing import app
from briefing.config import load_config
from briefing.pipeline import Defaults
from briefing.records import Briefing

SAMPLES = Path(__file__).parents[2] / "samples"
MOMENT = app.Moment(date(2025, 9, 18), datetime(2025, 9, 18, 8, tzinfo=UTC))


def words_of(briefing: Briefing) -> Iterator[str]:
    """What a reader reads, a line each; scores and offsets are other tests' matter."""
    for section in briefing.sections:
        yield f"## {section.area}"
        for item in section.items:
            # Whether a headline's lines are joined with a blank is the splitter's matter, and its tests'.
            yield f"### {item.summary.headline.replace(' ', '')}"
            yield from (s.text + f"〔{s.fallback}〕" * bool(s.fallback) for s in item.summary.sentences)
            yield from (f"  {f.severity} {f.check} {f.sentence}: {f.message}" for f in item.findings)
            yield "  来源：" + "、".join(a.outlet or Path(a.source).name for a in item.story.articles)
    yield "## 未采用"
    yield from (f"- {left.title.replace(' ', '')}：{left.reason}" for left in briefing.left_out)


@pytest.mark.parametrize(
    ("inputs", "outlet", "name"),
    [
        pytest.param(["liaocheng-daily-page.txt"], "聊城日报", "liaocheng.words.md", id="the real page"),
        pytest.param(["county-paper.txt"], "", "county.words.md", id="county paper"),
        pytest.param(
            ["wire-copies/anlan-daily.txt", "wire-copies/yuedong-daily.txt"],
            "",
            "wire.words.md",
            id="two papers",
        ),
    ],
)
def test_samples_read_as_before(
    inputs: list[str], outlet: str, name: str, golden: Callable[[str, str], None]
) -> None:
    config = load_config(environment={}, flags={})
    paths = [str(SAMPLES / given) for given in inputs]
    briefing, _ = app.make_briefing(paths, config, MOMENT, defaults=Defaults(outlet=outlet))
    golden(name, "\n".join(words_of(briefing)) + "\n")
