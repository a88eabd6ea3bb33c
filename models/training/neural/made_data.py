"""Made articles in the layout of the training data, for run_tiny.py. Every sentence is put together here."""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PLACES = ("青河市", "临江县", "东岭区", "白塔镇", "云溪省", "柳湾市", "石桥县")
ORGANS = ("水务局", "教育局", "交通运输局", "卫生健康委", "农业农村局", "人力资源和社会保障局")
MATTERS = (
    "旧管网改造",
    "学校食堂检查",
    "农村公路养护",
    "家庭医生签约",
    "高标准农田建设",
    "技能培训",
    "防汛演练",
)
EXTRAS = (
    "清晨的阳光洒在湖面上，岸边游人不断",
    "居民们说，日子一天比一天方便",
    "负责人介绍，下一步将继续完善制度，加强监督",
    "会议要求，各单位要细化分工，按月报告进展",
    "据了解，这项工作从前年开始试点，已在周边推广",
    "记者在现场看到，施工人员正在安装设备，运输车辆往来有序",
)


def made_article(rng: random.Random) -> dict[str, Any]:
    place, organ, matter = rng.choice(PLACES), rng.choice(ORGANS), rng.choice(MATTERS)
    count, money, share = rng.randint(11, 980), rng.randint(2, 90), rng.randint(51, 99)
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    money_text = f"{money}.{rng.randint(1, 9)}亿元"
    main = f"{month}月{day}日，{place}{organ}启动{matter}，计划投入{money_text}，涉及{count}个点位。"
    result = f"截至目前，已完成{share}%，其余部分将在年底前完成。"
    extras = [e + "。" for e in rng.sample(EXTRAS, rng.randint(2, 5))]
    half = rng.randint(1, len(extras) - 1)
    text = main + "".join(extras[:half]) + "\n" + result + "".join(extras[half:])
    return {
        "id": f"{rng.getrandbits(40):010x}",
        "title": f"{place}启动{matter}",
        "text": text,
        "summary": f"{place}{organ}启动{matter}，计划投入{money_text}，涉及{count}个点位。{result}",
        "key_facts": [f"{count}个点位"],
        "date": f"2020-{month:02d}-{day:02d}",
    }


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8", preset=0) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_made_data(folder: Path, seed: int = 3) -> None:
    """Every file that corpus.py reads, a few dozen articles each, and gold/dev for evaluate.py."""
    rng = random.Random(seed)

    def some(count: int) -> list[dict[str, Any]]:
        return [made_article(rng) for _ in range(count)]

    _write(folder / "gold/train.jsonl.xz", some(40))
    _write(folder / "gold/dev.jsonl.xz", some(6))
    days = [{"date": a["date"], "items": [a | {"brief": a["title"]}]} for a in some(60)]
    _write(folder / "bulletins/xwlb_2012_2025.jsonl.xz", days)
    pages = [{"date": "2020-01-02", "articles": [{"head": [a["title"]], "text": a["text"]}]} for a in some(60)]
    _write(folder / "pages/rmrb_2020_jan_sep.jsonl.xz", pages)
    damaged = [{"id": a["id"], "raw": a["text"], "articles": [{"body": a["text"]}]} for a in some(4)]
    _write(folder / "pages/damaged_dev.jsonl.xz", damaged)
    for name in ("newswire_2023_train", "xwlb_train", "xwlb_flash_train", "xwlb_dev", "xwlb_flash_dev"):
        _write(folder / f"headlines/{name}.jsonl.xz", some(8))
    for name in (
        "party_news_2020",
        "state_council_documents",
        "government_work_reports",
        "laws_and_regulations",
    ):
        _write(folder / f"plain/{name}.jsonl.xz", some(8))
    _write(folder / "plain/news_2023.jsonl.xz", [{"text": a["text"]} for a in some(20)])
