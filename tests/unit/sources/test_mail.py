"""Messages and Maildir folders: text, attachments, charsets, broken and hostile mail."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from briefing.ingest.limits import IngestLimits
from briefing.ingest.sources import FetchOutcome, SourceStatus
from briefing.ingest.sources.mail import message_of, read_message
from briefing.ingest.sources.maildir import Maildir
from briefing.records import RawDocument, Skip
from briefing.source_tables import MaildirTable
from tests.unit.ingest.makers import docx, paragraph
from tests.unit.sources.servers import request
from tests.unit.sources.texts import BRIDGE, CLINIC, GRAIN, page, solid

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def message(text: str = BRIDGE, subject: str = "跨江二桥主桥合龙", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "安澜市交通运输局 <jtj@anlan.example>"
    made["To"] = "zwxx@anlan.example"
    made["Date"] = "Mon, 23 Nov 2026 06:00:00 +0800"
    made["Message-ID"] = "<1@anlan.example>"
    made["Subject"] = subject
    for name, value in headers.items():
        del made[name]
        made[name] = value
    made.set_content(text)
    return made


def attach(made: EmailMessage, name: str, body: bytes, kind: str = "application/octet-stream") -> EmailMessage:
    main, _, sub = kind.partition("/")
    made.add_attachment(body, maintype=main, subtype=sub, filename=name)
    return made


def read(made: EmailMessage | bytes) -> list[RawDocument | Skip]:
    body = made if isinstance(made, bytes) else made.as_bytes()
    return read_message(message_of(body, "甲"), "mail:1", IngestLimits(), request())


def texts(made: EmailMessage | bytes) -> list[str]:
    return [solid(d.text) for d in read(made) if isinstance(d, RawDocument)]


def test_the_text_of_a_message_is_a_document_under_its_subject() -> None:
    (document,) = read(message())
    assert isinstance(document, RawDocument)
    assert (solid(document.text), document.title) == (solid(BRIDGE), "跨江二桥主桥合龙")


def test_an_attachment_is_read_by_its_format_under_its_chinese_name() -> None:
    made = attach(message("见附件，请查收。"), "关于延长夜间门诊的通知.docx", docx(paragraph(CLINIC)), DOCX)
    (document,) = read(made)
    assert isinstance(document, RawDocument)
    assert solid(CLINIC) in solid(document.text)
    assert document.source == "mail:1/关于延长夜间门诊的通知.docx"


def test_a_text_beside_attachments_is_kept_when_it_says_something() -> None:
    made = attach(message(BRIDGE), "通知.txt", CLINIC.encode())
    assert texts(made) == [solid(BRIDGE), solid(CLINIC)]


def test_the_plain_text_is_taken_where_there_are_both() -> None:
    made = message(BRIDGE)
    made.add_alternative(page("别的", GRAIN), subtype="html")
    assert texts(made) == [solid(BRIDGE)]


def test_html_alone_is_read_like_a_web_page_without_its_scripts() -> None:
    made = message("")
    made.set_content(page("跨江二桥主桥合龙", BRIDGE, CLINIC) + "<script>x</script>", subtype="html")
    (text,) = texts(made)
    assert solid(BRIDGE + CLINIC) in text


@pytest.mark.parametrize("declared", ["gb2312", "gb18030", "utf-8", "x-unknown"])
def test_the_text_is_decoded_whatever_the_charset_is_called(declared: str) -> None:
    body = (
        b"From: a@b.example\r\nSubject: =?gb2312?B?" + b"v+e9rbb+x8U=" + b"?=\r\n"
        b"Content-Type: text/plain; charset="
        + declared.encode()
        + b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    assert texts(body + BRIDGE.encode("gb18030")) == [solid(BRIDGE)]


def test_raw_chinese_headers_do_no_harm() -> None:
    body = b"From: \xb0\xb2\xc0\xbd <a@b.example>\r\nSubject: \xbf\xe7\xbd\xad\r\nDate: never\r\n\r\n"
    assert texts(body + BRIDGE.encode()) == [solid(BRIDGE)]


def test_what_is_no_supported_file_is_listed_and_never_opened() -> None:
    made = attach(attach(message(BRIDGE), "a.zip", b"PK\x03\x04"), "b.exe", b"MZ\x00")
    skips = [x for x in read(made) if isinstance(x, Skip)]
    assert [s.source for s in skips] == ["mail:1/a.zip", "mail:1/b.exe"]


def test_pictures_in_the_text_are_no_documents() -> None:
    made = message(BRIDGE)
    made.add_attachment(
        b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", filename="logo.png", disposition="inline"
    )
    assert [type(x) for x in read(made)] == [RawDocument]


def test_a_name_that_climbs_out_stays_a_name() -> None:
    made = attach(message("见附件"), "../../etc/通知.txt", CLINIC.encode())
    (document,) = read(made)
    assert "/etc/" not in document.source


def test_a_broken_attachment_costs_only_itself() -> None:
    made = attach(attach(message(BRIDGE), "坏.docx", b"PK\x03\x04 broken"), "好.txt", CLINIC.encode())
    found = read(made)
    assert [type(x) for x in found] == [RawDocument, Skip, RawDocument]


def test_messages_inside_messages_end_somewhere() -> None:
    made = message(BRIDGE)
    for _ in range(30):
        outer = message(BRIDGE)
        outer.add_attachment(made)
        made = outer
    found = read(made)
    assert any(isinstance(x, Skip) and "嵌套" in x.zh for x in found)


def test_many_parts_are_bounded() -> None:
    made = message(BRIDGE)
    for i in range(300):
        attach(made, f"{i}.zip", b"x")
    assert len(read(made)) <= 202


def put(folder: Path, made: EmailMessage | bytes, name: str = "1.a", part: str = "new") -> None:
    for sub in ("new", "cur", "tmp"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    (folder / part / name).write_bytes(made if isinstance(made, bytes) else made.as_bytes())


def fetch(folder: Path, earlier: FetchOutcome | None = None, **table: Any) -> FetchOutcome:
    made = MaildirTable(name="邮件", path=str(folder), outlet="政务信息", **table)
    return Maildir(made, IngestLimits()).fetch(request(memory=earlier.memory if earlier else {}))


def test_a_folder_is_read_once_though_its_flags_change(tmp_path: Path) -> None:
    put(tmp_path, message())
    first = fetch(tmp_path)
    assert [(d.published_on, d.outlet) for d in first.documents] == [(date(2026, 11, 23), "政务信息")]
    (tmp_path / "new" / "1.a").rename(tmp_path / "cur" / "1.a:2,S")
    again = fetch(tmp_path, first)
    assert (again.documents, again.report.known) == ((), 1)
    assert again.report.status is SourceStatus.UNCHANGED


def test_old_mail_is_left(tmp_path: Path) -> None:
    put(tmp_path, message(Date="Sun, 01 Nov 2026 06:00:00 +0800"))
    found = fetch(tmp_path)
    assert (found.documents, found.report.old) == ((), 1)


@pytest.mark.parametrize(
    ("senders", "count"),
    [
        pytest.param((), 1, id="anyone"),
        pytest.param(("jtj@anlan.example",), 1, id="by address"),
        pytest.param(("@ANLAN.example",), 1, id="by domain"),
        pytest.param(("@lan.example",), 0, id="not a part of a domain"),
        pytest.param(("other@anlan.example",), 0, id="another"),
    ],
)
def test_senders_choose(tmp_path: Path, senders: tuple[str, ...], count: int) -> None:
    put(tmp_path, message())
    assert len(fetch(tmp_path, senders=senders).documents) == count


def test_a_broken_message_is_listed_beside_good_ones(tmp_path: Path) -> None:
    put(tmp_path, b"", "0.a")
    put(tmp_path, message(), "1.a")
    found = fetch(tmp_path)
    assert len(found.documents) == 1
    assert found.report.status is SourceStatus.PARTIAL


def test_more_than_the_limit_waits(tmp_path: Path) -> None:
    for i in range(4):
        put(tmp_path, message(**{"Message-ID": f"<{i}@x.example>"}), f"{i}.a")
    first = fetch(tmp_path, max_items=3)
    assert len(first.documents) == 3
    assert len(fetch(tmp_path, first, max_items=3).documents) == 1


def test_what_is_no_maildir_is_a_failure(tmp_path: Path) -> None:
    assert fetch(tmp_path / "none").report.status is SourceStatus.FAILED
