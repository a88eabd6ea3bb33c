"""The web archive and the shared folder: idempotent, escaped, never a link to what is not there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import feedparser
import pytest

from briefing.deliver.archive import Archive
from briefing.deliver.contract import Fate, Outcome, Parcel
from briefing.deliver.folder_channel import FolderChannel
from briefing.deliver_tables import ArchiveTable, FolderChannelTable
from briefing.errors import DeliveryError
from briefing.records import Rendered
from tests.unit.deliver.servers import issue, notice, parcel


def archive(folder: Path, base_url: str = "https://office.test/archive/") -> Archive:
    return Archive(ArchiveTable(name="存档", path="web", base_url=base_url), folder)


def put(made: Archive | FolderChannel, shipment: Parcel) -> Outcome:
    return made.send(shipment, made.parts(shipment))[0]


def of_day(day: date, **changes: object) -> Parcel:
    return parcel(key=f"daily-{day}-v1", day=day, text=replace(issue(), date=str(day)), **changes)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_every_link_of_the_index_leads_somewhere_and_a_second_delivery_changes_nothing(tmp_path: Path) -> None:
    made = archive(tmp_path)
    for n in range(3):
        assert put(made, of_day(date(2026, 12, 30) + timedelta(days=n))).fate is Fate.SENT
    before = tree(tmp_path)
    put(made, of_day(date(2026, 12, 31)))
    assert tree(tmp_path) == before
    index = (tmp_path / "web" / "index.html").read_text("utf-8")
    links = [link for link in re.findall(r'href="([^"]+)"', index) if not link.startswith("data:")]
    assert len(links) > 6
    assert all((tmp_path / "web" / link).is_file() for link in links)
    assert index.index("2027年1月") < index.index("2026年12月")
    assert {p.name for p in (tmp_path / "web" / "search").iterdir()} == {"2026.js", "2027.js"}


def test_a_former_version_says_that_it_was_replaced(tmp_path: Path) -> None:
    made = archive(tmp_path)
    put(made, parcel())
    second = parcel(key="daily-2026-03-05-v2", version=2, mark="更正：第2版", replaces=("daily-2026-03-05-v1",))
    put(made, second)
    put(made, second)
    home = tmp_path / "web" / "2026-03-05" / "daily"
    old = (home / "v1" / "briefing.html").read_text("utf-8")
    assert old.count('已由<a href="../v2/briefing.html">第2版</a>取代') == 1
    assert "取代" not in (home / "v2" / "briefing.html").read_text("utf-8")
    assert 'href="2026-03-05/daily/v2/briefing.html"' in (tmp_path / "web" / "index.html").read_text("utf-8")


def test_the_feed_is_read_by_a_feed_reader(tmp_path: Path) -> None:
    made = archive(tmp_path)
    put(made, parcel(text=replace(issue(1), title='要情 <b>&"')))
    read = feedparser.parse((tmp_path / "web" / "feed.xml").read_bytes())
    assert read.bozo == 0
    (entry,) = read.entries
    assert entry.title == '要情 <b>&"2026年3月5日'
    assert entry.link == "https://office.test/archive/2026-03-05/daily/v1/briefing.html"
    assert entry.published_parsed[:4] == (2026, 3, 5, 7)


def test_without_an_address_there_is_no_feed(tmp_path: Path) -> None:
    put(archive(tmp_path, ""), parcel())
    assert not (tmp_path / "web" / "feed.xml").exists()


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    text = issue(1)
    item = replace(text.items[0], headline="</script><script>alert(1)</script>")
    put(archive(tmp_path), parcel(text=replace(text, sections=(replace(text.sections[0], items=(item,)),))))
    index = (tmp_path / "web" / "index.html").read_text("utf-8")
    assert index.count("<script>") == 1
    assert "<" not in (tmp_path / "web" / "search" / "2026.js").read_text("utf-8")


def test_a_folder_gets_the_files_under_chinese_names_once(tmp_path: Path) -> None:
    made = FolderChannel(FolderChannelTable(name="共享", path="share", formats=("pdf",)), tmp_path)
    with pytest.raises(DeliveryError, match="mounted"):
        put(made, parcel())
    (tmp_path / "share").mkdir()
    files = (Rendered("application/pdf", "briefing.pdf", b"%PDF-1.7"),)
    assert put(made, parcel(files=files)).receipt == "每日政策要情2026年3月5日.pdf"
    put(made, parcel(files=files))
    assert [name for name in tree(tmp_path) if not name.endswith(".json")] == [
        "share/2026-03-05/每日政策要情2026年3月5日.pdf"
    ]
    assert made.send(notice(), made.parts(notice()))[0].fate is Fate.SENT
