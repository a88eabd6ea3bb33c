"""One e-mail message as documents: its text, and its attachments through the ordinary readers."""

from __future__ import annotations

import email.policy
import hashlib
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from briefing.errors import BriefingError, SourceError
from briefing.ingest.encoding import decode
from briefing.ingest.limits import STAGE, IngestLimits
from briefing.ingest.names import as_text, one_line
from briefing.ingest.reading import read_body
from briefing.ingest.sniff import HTML, PLAIN, suffix_kind
from briefing.ingest.sources.contract import FetchRequest
from briefing.records import RawDocument, Skip

# A note that only covers attachments (请查收附件) is no news.
MAX_COVER_NOTE_CHARS = 80
# Messages inside messages, and parts in all, that are looked at.
_MAX_DEPTH = 4
_MAX_PARTS = 200
_BOM = b"\xef\xbb\xbf"


def message_of(body: bytes, name: str) -> EmailMessage:
    """The message. Raises SourceError for what is none."""
    try:
        message = message_from_bytes(body, policy=email.policy.default)
    except (MessageError, ValueError, LookupError) as err:
        raise SourceError("邮件已损坏，无法解析", "a damaged message", source=name) from err
    if not isinstance(message, EmailMessage) or not message.keys():
        raise SourceError("不是邮件", "not a mail message", source=name)
    return message


def header(message: Message[Any, Any], name: str) -> str:
    """A header on one line; "" when it is missing or beyond repair."""
    try:
        return one_line(" ".join(str(message.get(name, "")).split()))
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        return ""  # the standard library's parser fails on some malformed headers


def message_day(message: Message[Any, Any], request: FetchRequest) -> date | None:
    """The date of the Date header in the run's zone."""
    try:
        sent = parsedate_to_datetime(header(message, "Date"))
    except (ValueError, TypeError, OverflowError):
        return None
    if sent.tzinfo is None:
        return sent.date()
    return sent.astimezone(request.now.tzinfo).date()


def is_from(message: Message[Any, Any], senders: tuple[str, ...]) -> bool:
    """Whether the sender is one of `senders` ("a@b.cn", or "@b.cn" for a whole domain); True for none given."""
    address = parseaddr(header(message, "From"))[1].lower()
    wanted = [sender.lower() for sender in senders]
    return not wanted or any(address == s or (s.startswith("@") and address.endswith(s)) for s in wanted)


def read_message(
    message: EmailMessage, address: str, limits: IngestLimits, request: FetchRequest
) -> list[RawDocument | Skip]:
    """Documents of the text and of each attachment, in order; a Skip for each that cannot be read.

    `address`: names the message in the documents' sources. Never raises for a single part.
    """
    found: list[RawDocument | Skip] = []
    attachments = _attachments(message, address, found)
    text = _body(message, address, limits, request)
    if text is not None:
        is_cover = isinstance(text[0], RawDocument) and len(text[0].text.strip()) <= MAX_COVER_NOTE_CHARS
        if not (is_cover and attachments):
            found = [*text, *found]
    for name, body in attachments:
        found += _read(body, f"{address}/{name}", suffix_kind(name), limits, request)
    return found


def message_address(message: Message[Any, Any], body: bytes) -> str:
    """A name for the message that is the same in every run."""
    own = header(message, "Message-ID").strip("<> ")
    return f"mail:{own or hashlib.sha256(body).hexdigest()[:16]}"


def _read(
    body: bytes, name: str, kind: str, limits: IngestLimits, request: FetchRequest
) -> list[RawDocument | Skip]:
    try:
        if len(body) > limits.max_file_bytes:
            raise SourceError("附件太大，未读", "the attachment is too large", source=name)
        return read_body(body, name, limits, now=request.now, kind=kind)
    except BriefingError as err:
        return [Skip(err.source or name, STAGE, err.zh, err.en)]


def _body(
    message: EmailMessage, address: str, limits: IngestLimits, request: FetchRequest
) -> list[RawDocument | Skip] | None:
    """The message's own text; plain where it has any, since its HTML form adds only looks."""
    parts = {kind: _text_of(message, kind, address) for kind in ("plain", "html")}
    subject = header(message, "Subject")
    if len(parts["plain"].strip()) >= min(20, len(parts["html"])) and parts["plain"].strip():
        found = _read(_BOM + parts["plain"].encode(), address, PLAIN, limits, request)
    elif parts["html"].strip():
        found = _read(_BOM + parts["html"].encode(), address, HTML, limits, request)
    else:
        return None
    return [d if isinstance(d, Skip) else replace(d, title=d.title or subject) for d in found]


def _text_of(message: EmailMessage, kind: str, address: str) -> str:
    """Decoded text of the body part of that kind, "" when there is none that can be decoded."""
    try:
        part = message.get_body(preferencelist=(kind,))
        if part is None:
            return ""
        payload = part.get_payload(decode=True)
        charset = part.get_content_charset("")
        return decode(payload, address, charset).text if isinstance(payload, bytes) and payload else ""
    except (BriefingError, ValueError, LookupError, KeyError, AttributeError):
        return ""


def _attachments(
    message: EmailMessage, address: str, skips: list[RawDocument | Skip]
) -> list[tuple[str, bytes]]:
    """(file name, content) of the files sent along. What is no supported file goes to `skips`."""
    files: list[tuple[str, bytes]] = []
    pending: list[tuple[Message[Any, Any], int]] = [(message, 0)]
    seen = 0
    while pending:
        part, depth = pending.pop(0)
        seen += 1
        if seen > _MAX_PARTS or depth > _MAX_DEPTH:
            skips.append(
                Skip(address, STAGE, "邮件嵌套过深或部分过多，其余未读", "too many parts: the rest is not read")
            )
            break
        if part.is_multipart():
            pending += [(p, depth + 1) for p in part.iter_parts()] if isinstance(part, EmailMessage) else []
            continue
        name = _file_name(part)
        # Pictures inside the text (logos, signatures) are no documents.
        inline = part.get_content_disposition() == "inline" or part.get("Content-ID")
        if not name or (inline and part.get_content_maintype() == "image"):
            continue
        payload = part.get_payload(decode=True)
        if not suffix_kind(name) or not isinstance(payload, bytes):
            skips.append(
                Skip(
                    f"{address}/{name}",
                    STAGE,
                    "不支持的附件类型，未读",
                    "an attachment of an unsupported kind: not read",
                )
            )
        else:
            files.append((name, payload))
    return files


def _file_name(part: Message[Any, Any]) -> str:
    try:
        return one_line(as_text((part.get_filename() or "").replace("/", "_").replace("\\", "_")))[-120:]
    except (ValueError, LookupError, TypeError):
        return ""
