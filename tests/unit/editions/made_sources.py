"""A made source and a made office for the tests of runs: real documents, no network. All texts are invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from briefing.config import Config, load_config
from briefing.ingest.sources import Clock, FetchOutcome, FetchRequest, SourceReport, SourceStatus
from briefing.records import RawDocument

DAY = date(2026, 3, 5)
TOWNS = ("青禾", "白石", "临河", "东阁", "南浦", "西坪", "长岭", "安丘", "平湖", "古渡")
MATTERS = (
    ("新建农村公路{n}公里", "{town}县交通运输局3月{d}日公布，全县今年新建农村公路{n}公里，总投资{m}亿元，惠及{k}个乡镇。项目分三批实施，首批{k}个标段已经开工。县里要求，年底前全部完工并通车，验收不合格的不予拨付尾款。"),
    ("投入{m}亿元改造老旧小区", "{town}市住房和城乡建设局3月{d}日通报，今年拟改造老旧小区{n}个，计划投资{m}亿元，涉及居民{k}万户。改造内容包括供水管网、屋面防水和加装电梯。居民意见征集比例须达到九成以上，方可列入计划。"),
    ("推进高标准农田建设{n}万亩", "{town}县农业农村局3月{d}日介绍，全县今年建设高标准农田{n}万亩，亩均投资3000元，总投资{m}亿元。目前已完成土地平整{k}万亩，配套机井{n}眼。项目建成后，预计亩均增产{k}公斤。"),
    ("开展{n}场春季招聘活动", "{town}市人力资源和社会保障局3月{d}日发布消息，今年春季全市举办招聘活动{n}场，组织企业{k}百家，提供岗位{m}万个。活动重点面向高校毕业生和返乡农民工。凡签订一年以上劳动合同的企业，可申请一次性吸纳就业补贴。"),
)  # fmt: skip


def text_of(day: date, k: int) -> tuple[str, str]:
    """Title and text of story `k` of `day`: another place and matter, other figures."""
    seed = day.toordinal() * 31 + k * 7
    town, (title, text) = TOWNS[(seed + k) % len(TOWNS)], MATTERS[k % len(MATTERS)]
    values = {
        "town": town,
        "n": 20 + seed % 171,
        "m": f"{1 + seed % 13}.{seed % 9 + 1}",
        "k": 3 + seed % 29,
        "d": day.day,
    }
    return town + title.format(**values), text.format(**values)


def document(title: str, text: str, day: date | None, outlet: str = "青禾日报", name: str = "") -> RawDocument:
    return RawDocument(
        source=name or f"http://made.test/{title}", media_type="text/plain", fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        sha256="0" * 64, text=text, single_article=True, title=title, outlet=outlet, published_on=day,
        url="",
    )  # fmt: skip


@dataclass
class MadeSource:
    """Gives `documents(day)`; `down` days give nothing at all. Remembers what it has given, as real ones do."""

    name: str
    documents: Callable[[date], Sequence[RawDocument]]
    down: Callable[[date], bool] = lambda day: False
    kind: str = "made"
    calls: list[date] = field(default_factory=list)

    def fetch(self, request: FetchRequest) -> FetchOutcome:
        self.calls.append(request.day)
        if self.down(request.day):
            report = SourceReport(self.name, self.kind, SourceStatus.FAILED, zh="连接超时", en="timed out")
            return FetchOutcome((), report, request.memory)
        given = self.documents(request.day)
        new = [d for d in given if d.source not in request.memory]
        status = SourceStatus.FETCHED if new else SourceStatus.UNCHANGED
        report = SourceReport(self.name, self.kind, status, documents=len(new), known=len(given) - len(new))
        return FetchOutcome(tuple(new), report, {**request.memory, **{d.source: "1" for d in new}})


def daily(name: str, outlet: str, count: int = 3) -> MadeSource:
    """A paper with `count` stories a day."""

    def documents(day: date) -> list[RawDocument]:
        pairs = [text_of(day, k) for k in range(count)]
        return [document(t, x, day, outlet, f"{name}/{day}/{k}") for k, (t, x) in enumerate(pairs)]

    return MadeSource(name, documents)


class MadeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.value = now
        self.seconds = 0.0

    def move(self, **amount: float) -> None:
        self.value += timedelta(**amount)
        self.seconds += timedelta(**amount).total_seconds()

    def clock(self) -> Clock:
        return Clock(now=lambda: self.value, monotonic=lambda: self.seconds, sleep=lambda s: None)


def config(folder: Path, text: str = "") -> Config:
    path = folder / "briefing.toml"
    path.write_text(text, "utf-8")
    return load_config(path, environment={})
