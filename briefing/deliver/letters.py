"""An issue or a notice as a letter: headers, text, HTML, attachments; nothing is sent here.

Subjects are encoded words (RFC 2047). Names of attachments are RFC 2231 parameters in one piece: several
clients read only the first of the pieces that the standard library would cut a long one into.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from briefing.deliver.contract import Notice, Parcel, Shipment
from briefing.deliver.pages import fill
from briefing.deliver_tables import EmailTable, parse_address
from briefing.records import Rendered
from briefing.text.display import one_line

_FORMAT_NAMES = {"md": "Markdown", "html": "网页", "pdf": "PDF", "docx": "Word", "json": "JSON"}
_MEBIBYTE = 1 << 20
# RFC 5322 allows 998 characters in a line; a name of 60 Chinese characters takes 560.
_LONG_LINE = SMTP.clone(max_line_length=990)
_MAX_NAME_CHARS = 60


class _MailPolicy(EmailPolicy):
    """The standard library's, but parameters of an attachment are not cut into pieces."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in ("content-disposition", "content-type"):
            return _LONG_LINE.fold_binary(name, value)
        return super().fold_binary(name, value)


POLICY = _MailPolicy(linesep="\r\n")


@dataclass(frozen=True, slots=True)
class Letter:
    """`message` without Bcc. `light`: the same without its attachments, which it says."""

    message: EmailMessage
    light: EmailMessage


def message_id(key: str, table: EmailTable) -> str:
    """The same for every attempt, so that a mail system that knows it can drop a repeat."""
    domain = _address(table.sender).domain
    digest = hashlib.sha256(f"{key} {table.name}".encode()).hexdigest()[:12]
    return f"<{key.replace(':', '.')}.{digest}@{domain}>"


def write_letter(shipment: Shipment, table: EmailTable) -> Letter:
    """Equal shipments give equal letters, to the byte."""
    if isinstance(shipment, Notice):
        message = _notice(shipment, table)
        return Letter(message, message)
    files = [f for f in shipment.files if _format(f) in table.attach]
    missing = [n for n in table.attach if n not in {_format(f) for f in files}]
    absent = [f"{_FORMAT_NAMES[n]} 附件未能生成。" for n in missing]
    light = _issue(shipment, table, (), [*absent, *_left_behind(files, table)])
    whole = _issue(shipment, table, files, absent)
    if len(whole.as_bytes(policy=POLICY)) > table.max_megabytes * _MEBIBYTE:
        whole = light
    return Letter(whole, light)


def _left_behind(files: Sequence[Rendered], table: EmailTable) -> list[str]:
    if not files:
        return []
    names = "、".join(_FORMAT_NAMES[_format(f)] for f in files)
    size = sum(len(f.body) for f in files) / _MEBIBYTE
    return [f"附件（{names}，共 {size:.1f} MB）超过邮件大小上限，未随信发送；请向编印单位索取。"]


def _format(file: Rendered) -> str:
    return file.filename.rpartition(".")[2]


def _base(shipment: Shipment, table: EmailTable, subject: str) -> EmailMessage:
    message = EmailMessage(policy=POLICY)
    message["Subject"] = one_line(subject)
    message["From"] = _address(table.sender)
    message["To"] = [_address(a) for a in table.to]
    if table.cc:
        message["Cc"] = [_address(a) for a in table.cc]
    if table.reply_to:
        message["Reply-To"] = _address(table.reply_to)
    message["Date"] = format_datetime(shipment.queued_at)
    message["Message-ID"] = message_id(shipment.key, table)
    # RFC 3834: out-of-office programs do not answer to this.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Briefing-Key"] = shipment.key
    return message


def _issue(parcel: Parcel, table: EmailTable, files: Sequence[Rendered], tail: Sequence[str]) -> EmailMessage:
    message = _base(parcel, table, parcel.heading)
    if parcel.replaces:
        former = [message_id(key, table) for key in parcel.replaces]
        message["In-Reply-To"] = former[-1]
        message["References"] = " ".join(former)
    remarks = [_replacing(parcel), *parcel.text.remarks]
    remarks = [one_line(r) for r in remarks if r]
    message.set_content(_plain(parcel, remarks, tail), cte="base64")
    page = fill("letter.html.j2", subject=parcel.heading, text=parcel.text, remarks=remarks, tail=tail)
    message.add_alternative(page, subtype="html", cte="base64")
    for file in files:
        main, _, sub = file.media_type.partition(";")[0].partition("/")
        name = attachment_name(parcel, file)
        message.add_attachment(file.body, maintype=main, subtype=sub, filename=name)
        # Some clients look only here.
        *_, attached = message.iter_attachments()
        attached.set_param("name", name, charset="utf-8")
    return message


def _replacing(parcel: Parcel) -> str:
    if not parcel.replaces:
        return ""
    numbers = "、".join(f"第{key.rpartition('-v')[2]}版" for key in parcel.replaces)
    return f"本版（第{parcel.version}版）取代此前发出的{numbers}，请以本版为准。"


def attachment_name(parcel: Parcel, file: Rendered) -> str:
    """每日政策要情2026年3月5日（第2版）.pdf, without what file systems refuse."""
    version = f"（第{parcel.version}版）" if parcel.version > 1 else ""
    stem = "".join("_" if c in '\\/:*?"<>|' else c for c in one_line(parcel.text.title + parcel.text.date))
    return f"{stem[:_MAX_NAME_CHARS]}{version}.{_format(file)}"


def _plain(parcel: Parcel, remarks: Sequence[str], tail: Sequence[str]) -> str:
    issue = parcel.text
    lines = [issue.title, issue.issue, f"{issue.office}　{issue.date}", "", *remarks]
    for section in issue.sections:
        lines += ["", section.heading] if section.heading else []
        for item in section.items:
            lines += [
                "",
                f"{item.ordinal}{item.headline}",
                *([f"　　{item.text}"] if item.text else []),
                item.source,
            ]
    return "\n".join(one_line(line) for line in [*lines, "", *tail]).strip("\n") + "\n"


def _notice(notice: Notice, table: EmailTable) -> EmailMessage:
    message = _base(notice, table, notice.title)
    message.set_content("\n".join([notice.title, "", *notice.lines]) + "\n", cte="base64")
    page = fill("notice.html.j2", title=notice.title, lines=notice.lines)
    message.add_alternative(page, subtype="html", cte="base64")
    return message


def _address(value: str) -> Address:
    found = parse_address(value)
    assert found is not None, "checked when the configuration was read"
    return Address(display_name=found[0], addr_spec=found[1])
