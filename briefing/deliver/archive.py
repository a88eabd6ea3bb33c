"""A folder of web pages: every edition, an index by date with search, a feed. It works from a disk, offline,
and asks no server for anything.

Each file is replaced whole, the index last, so that a reader never meets a link to what is not there yet. The
folder is its own record (`record.json` of each edition): index, search and feed come from what is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from briefing.deliver.contract import Notice, Outcome, Parcel, Part, Shipment, refused, sent
from briefing.deliver.letters import attachment_name
from briefing.deliver.pages import asset, content_hash, fill
from briefing.deliver_tables import ArchiveTable
from briefing.errors import DeliveryError

_RECORD = "record.json"
_PAGE = "briefing.html"
_FEED_ITEMS = 60
_FORMAT_NAMES = {"md": "Markdown", "html": "网页", "pdf": "PDF", "docx": "Word", "json": "JSON"}


@dataclass(frozen=True, slots=True)
class Archive:
    """`base`: where a relative path begins."""

    table: ArchiveTable
    base: Path
    pause_seconds: float = 0.0
    repeatable: bool = True

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def formats(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(("html", *self.table.formats)))

    @property
    def root(self) -> Path:
        return self.base / self.table.path

    def parts(self, shipment: Shipment) -> tuple[Part, ...]:
        digest = hashlib.sha256(shipment.key.encode())
        if isinstance(shipment, Parcel):
            for file in shipment.files:
                digest.update(file.filename.encode() + b"\0" + file.body)
        return (Part(str(self.root), digest.hexdigest(), b""),)

    def send(self, shipment: Shipment, parts: Sequence[Part]) -> tuple[Outcome, ...]:
        if isinstance(shipment, Notice):
            return (refused("网页存档不收通知", "an archive takes no notices"),) * len(parts)
        if not any(f.filename == _PAGE for f in shipment.files):
            raise DeliveryError("网页未能生成，无法存档", "the page could not be made: nothing to archive")
        try:
            place = self._write_edition(shipment)
            rebuild(self.root, self.table.title or shipment.text.title, self.table.base_url)
        except OSError as err:
            raise DeliveryError(
                f"存档无法写入（{err.strerror}），请检查路径、权限与磁盘空间",
                f"the archive cannot be written ({err.strerror}): check path, permissions and space",
                source=str(self.root),
            ) from err
        return (sent(place),) * len(parts)

    def _write_edition(self, parcel: Parcel) -> str:
        """The files of a version and its record, the record last. Gives its place in the archive."""
        home = self.root / parcel.day.isoformat() / parcel.edition
        folder = home / f"v{parcel.version}"
        folder.mkdir(parents=True, exist_ok=True)
        for file in parcel.files:
            _write(folder / file.filename, file.body)
        known = _read(home / _RECORD)
        versions = {v["version"]: v for v in known.get("versions", [])} | {parcel.version: _version(parcel)}
        record = {
            "day": parcel.day.isoformat(),
            "edition": parcel.edition,
            "versions": [versions[n] for n in sorted(versions)],
        }
        for version in record["versions"][:-1]:
            _mark_old(home, version, record["versions"][-1]["version"])
        _write(home / _RECORD, json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode())
        return folder.relative_to(self.root).as_posix()


def _version(parcel: Parcel) -> dict[str, Any]:
    text = parcel.text
    return {
        "version": parcel.version,
        "queued_at": parcel.queued_at.isoformat(),
        "title": text.title,
        "issue": text.issue,
        "date": text.date,
        "remarks": list(text.remarks),
        "files": [[f.filename, attachment_name(parcel, f)] for f in parcel.files],
        "items": [asdict(i) | {"area": s.heading} for s in text.sections for i in s.items],
    }


def _mark_old(home: Path, version: dict[str, Any], newest: int) -> None:
    """Above the page of a former version: that it is one, and where the newest is."""
    path = home / f"v{version['version']}" / _PAGE
    if not path.is_file():
        return
    page = path.read_text("utf-8")
    head, begin, rest = page.partition("<body")
    tag, end, body = rest.partition(">")
    note_from, note_to = "<!--superseded-->", "<!--/superseded-->"
    if body.lstrip().startswith(note_from):
        body = body.partition(note_to)[2]
    note = fill("superseded.html.j2", version=version["version"], newest=newest, page=_PAGE).strip()
    note = note_from + note + note_to
    _write(path, (head + begin + tag + end + note + body).encode())


def rebuild(root: Path, title: str, base_url: str) -> None:
    """Search data, feed and index from the records that lie in the archive, newest first."""
    records = sorted(
        (_read(p) for p in root.glob(f"*/*/{_RECORD}")), key=lambda r: (r["day"], r["edition"]), reverse=True
    )
    entries = [_entry(record) for record in records if record.get("versions")]
    years = sorted({e["day"][:4] for e in entries}, reverse=True)
    (root / "search").mkdir(parents=True, exist_ok=True)
    for year in years:
        _write(
            root / "search" / f"{year}.js", _search_script(year, [e for e in entries if e["day"][:4] == year])
        )
    if base_url:
        _write(root / "feed.xml", _feed(entries, title, base_url.rstrip("/")))
    style, script = asset("archive.css"), asset("archive.js")
    # 'self' and file: for the search data, which are files of this folder; everything else is refused.
    policy = (
        f"default-src 'none'; style-src {content_hash(style)}; "
        f"script-src {content_hash(script)} 'self' file:; img-src data:; base-uri 'none'; form-action 'none'"
    )
    page = fill(
        "archive.html.j2",
        title=title,
        policy=policy,
        style=style,
        script=script,
        years=years,
        months=_by_month(entries),
        feed=bool(base_url),
    )
    _write(root / "index.html", page.encode())


def _entry(record: dict[str, Any]) -> dict[str, Any]:
    """The newest version, with its place, and the former ones."""
    home = f"{record['day']}/{record['edition']}"
    newest: dict[str, Any] = record["versions"][-1]
    return newest | {
        "day": record["day"],
        "edition": record["edition"],
        "page": f"{home}/v{newest['version']}/{_PAGE}",
        "downloads": [
            (f"{home}/v{newest['version']}/{name}", shown, _FORMAT_NAMES.get(name.rpartition(".")[2], name))
            for name, shown in newest["files"]
            if name != _PAGE
        ],
        "former": [(v["version"], f"{home}/v{v['version']}/{_PAGE}") for v in record["versions"][:-1]],
    }


def _by_month(entries: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    months: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        year, month = entry["day"][:4], int(entry["day"][5:7])
        months.setdefault(f"{year}年{month}月", []).append(entry)
    return list(months.items())


def _search_script(year: str, entries: Sequence[dict[str, Any]]) -> bytes:
    """A call that hands the year's items over: a script may be read from a disk, where JSON may not."""
    data = [
        {
            "page": e["page"],
            "name": f"{e['title']}{e['date']}",
            "items": [[i["number"], i["headline"], i["text"], i["source"], i["area"]] for i in e["items"]],
        }
        for e in entries
    ]
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"archiveSearch.add({json.dumps(year)},{text});\n".encode()


def _feed(entries: Sequence[dict[str, Any]], title: str, base_url: str) -> bytes:
    """RSS 2.0. A later version is an item of its own, so that readers are shown it."""
    atom = "http://www.w3.org/2005/Atom"
    ElementTree.register_namespace("atom", atom)
    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")

    def add(parent: ElementTree.Element, tag: str, text: str, **attributes: str) -> None:
        ElementTree.SubElement(parent, tag, attributes).text = text

    add(channel, "title", title)
    add(channel, "link", f"{base_url}/index.html")
    add(channel, "description", f"{title}各期")
    add(channel, "language", "zh-CN")
    ElementTree.SubElement(
        channel, f"{{{atom}}}link", href=f"{base_url}/feed.xml", rel="self", type="application/rss+xml"
    )
    for entry in entries[:_FEED_ITEMS]:
        item = ElementTree.SubElement(channel, "item")
        mark = f"【第{entry['version']}版】" if entry["version"] > 1 else ""
        add(item, "title", f"{mark}{entry['title']}{entry['date']}")
        add(item, "link", f"{base_url}/{entry['page']}")
        key = f"{entry['edition']}-{entry['day']}-v{entry['version']}"
        add(item, "guid", f"{base_url}/#{key}", isPermaLink="false")
        add(item, "pubDate", format_datetime(datetime.fromisoformat(entry["queued_at"])))
        add(item, "description", "；".join(i["headline"] for i in entry["items"]))
    return bytes(ElementTree.tostring(rss, encoding="utf-8", xml_declaration=True))


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as err:
        raise DeliveryError(
            "存档中的记录已损坏，请删除该文件后重发这一期",
            "a record of the archive is damaged: delete the file and send that edition again",
            source=str(path),
        ) from err  # fmt: skip
    return dict(found)


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all; a file that is so already is left alone."""
    if path.is_file() and path.read_bytes() == body:
        return
    handle, name = tempfile.mkstemp(prefix=".briefing-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
