"""The `[[deliver]]` tables of the configuration: one struct a kind of channel; errors name key and what is
allowed. What each kind does with them: docs/delivery.md."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.utils import getaddresses
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from briefing.errors import ConfigError
from briefing.table_kinds import Locate, Table, check_names, convert_table, tables_of

_Name = Annotated[str, Meta(min_length=1, max_length=40)]
_Path = Annotated[str, Meta(min_length=1)]
_Format = Literal["md", "html", "pdf", "docx", "json"]
# RFC 5321 addresses as offices have them: no quoted local parts, no address literals.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
Event = Literal["failed", "partial", "held", "recovered", "delivery"]


class DeliveryTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all channels share. `give_up_hours`: how long a channel that cannot be reached is tried again.
    `notices`: what the channels with `notices = true` are told."""

    give_up_hours: Annotated[float, Meta(gt=0, le=168)]
    notices: tuple[Event, ...]


class ChannelTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every channel has. `briefings`: editions go out here; `notices`: runs that went wrong are told here.
    `editions`: names of `[[editions]]`, () for all."""

    name: _Name
    enabled: bool = True
    briefings: bool = True
    notices: bool = False
    editions: tuple[str, ...] = ()


class FolderChannelTable(ChannelTable, frozen=True, kw_only=True, tag="folder"):
    """A folder, a mounted share for instance: `path`/DATE/ for each edition."""

    path: _Path
    formats: Annotated[tuple[_Format, ...], Meta(min_length=1)] = ("pdf", "docx")


class ArchiveTable(ChannelTable, frozen=True, kw_only=True, tag="archive"):
    """A folder of web pages with an index, search and feed. `base_url`: where readers find the folder; without
    it there is no feed, for a feed needs whole addresses."""

    path: _Path
    title: Annotated[str, Meta(max_length=40)] = ""
    base_url: Annotated[str, Meta(pattern=r"^(https?://\S+)?$")] = ""
    formats: tuple[_Format, ...] = ("pdf", "docx")


class SendingTable(ChannelTable, frozen=True, kw_only=True):
    """`unclear`: what becomes of a message that the receiver may or may not have: "hold" until a person has
    looked, "again" sends it again, so that it may arrive twice."""

    unclear: Literal["hold", "again"] = "hold"


class EmailTable(SendingTable, frozen=True, kw_only=True, tag="email"):
    """Mail over SMTP. The password stands in the environment variable `password_env` or alone in
    `password_file`, never here. `max_megabytes`: of a whole message; over it the attachments stay behind."""

    host: Annotated[str, Meta(min_length=1)]
    port: Annotated[int, Meta(ge=1, le=65535)] = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    password_env: str = ""
    password_file: str = ""
    sender: Annotated[str, Meta(min_length=3)]
    to: Annotated[tuple[str, ...], Meta(min_length=1, max_length=200)]
    cc: Annotated[tuple[str, ...], Meta(max_length=200)] = ()
    bcc: Annotated[tuple[str, ...], Meta(max_length=200)] = ()
    reply_to: str = ""
    attach: tuple[_Format, ...] = ("pdf", "docx")
    max_megabytes: Annotated[float, Meta(gt=0, le=200)] = 20.0
    idle_seconds: Annotated[float, Meta(ge=1, le=300)] = 30.0
    send_seconds: Annotated[float, Meta(ge=1, le=3600)] = 300.0


class PostingTable(SendingTable, frozen=True, kw_only=True):
    """A message by HTTP POST. `allow_private`: the address may be one of the office's own network, and http."""

    url_env: str = ""
    url_file: str = ""
    allow_private: bool = False
    idle_seconds: Annotated[float, Meta(ge=1, le=300)] = 15.0
    request_seconds: Annotated[float, Meta(ge=1, le=600)] = 60.0


class WecomTable(PostingTable, frozen=True, kw_only=True, tag="wecom"):
    """企业微信群机器人. Its webhook address is its password: `url_env` or `url_file`."""


class DingtalkTable(PostingTable, frozen=True, kw_only=True, tag="dingtalk"):
    """钉钉群机器人. `secret_env`, `secret_file`: the key of 加签; `keyword`: its 自定义关键词, put into every
    message that lacks it."""

    secret_env: str = ""
    secret_file: str = ""
    keyword: Annotated[str, Meta(max_length=40)] = ""


class FeishuTable(DingtalkTable, frozen=True, kw_only=True, tag="feishu"):
    """飞书群机器人, with 签名校验 or 自定义关键词."""


class WebhookTable(PostingTable, frozen=True, kw_only=True, tag="webhook"):
    """JSON to an address of one's own. `secret_*`: key of the HMAC header; `token_*`: sent as bearer token.
    It gets an idempotency key, so what is unclear is sent again."""

    url: Annotated[str, Meta(pattern=r"^(https?://\S+)?$")] = ""
    secret_env: str = ""
    secret_file: str = ""
    token_env: str = ""
    token_file: str = ""
    unclear: Literal["hold", "again"] = "again"


AnyChannel = (
    FolderChannelTable | ArchiveTable | EmailTable | WecomTable | DingtalkTable | FeishuTable | WebhookTable
)
CHANNEL_KINDS: Mapping[str, type[ChannelTable]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(AnyChannel)
}


def convert_channels(values: Any, locate: Locate) -> tuple[AnyChannel, ...]:
    """The tables as structs. Raises ConfigError naming file and line, channel, key and what is allowed."""
    tables = tables_of("deliver", values, locate)
    found = tuple(_convert(table) for table in tables)
    check_names(tables, ("送达渠道", "channels"))
    return found


def check_channels(channels: Sequence[AnyChannel], editions: Sequence[str], locate: Locate) -> None:
    """Raise ConfigError for a channel of an edition that is not there."""
    for number, channel in enumerate(channels):
        for name in channel.editions:
            if name not in editions:
                known = ", ".join(editions)
                raise ConfigError(
                    f"deliver.{channel.name}.editions 中没有 {name!r} 这一期；可用：{known}",
                    f"deliver.{channel.name}.editions names {name!r}; known: {known}",
                    source=locate(f"deliver[{number}].editions"),
                )


def _convert(table: Table) -> AnyChannel:
    channel: AnyChannel = convert_table(table, CHANNEL_KINDS, AnyChannel)
    problem = _wrong(channel)
    if problem:
        key, zh, en = problem
        raise table.refuse(key, f"{table.label} {key}：{zh}", f"{table.label} {key}: {en}")
    return channel


def _wrong(channel: AnyChannel) -> tuple[str, str, str] | None:
    """What types cannot say: key, and what is wrong with it in both languages."""
    if not channel.briefings and not channel.notices:
        return "briefings", "与 notices 不能都为 false", "this and notices cannot both be false"
    if isinstance(channel, EmailTable):
        return _wrong_mail(channel)
    if isinstance(channel, PostingTable):
        given = [bool(channel.url_env), bool(channel.url_file)]
        keys = "url_env、url_file"
        if isinstance(channel, WebhookTable):
            given.append(bool(channel.url))
            keys = "url、url_env、url_file"
        if sum(given) != 1:
            return "url_env", f"{keys} 须写且只写一个", f"give exactly one of {keys.replace('、', ', ')}"
    if isinstance(channel, DingtalkTable | WebhookTable) and channel.secret_env and channel.secret_file:
        return "secret_env", "与 secret_file 只能写一个", "give this or secret_file, not both"
    if isinstance(channel, WebhookTable) and channel.token_env and channel.token_file:
        return "token_env", "与 token_file 只能写一个", "give this or token_file, not both"
    return None


def _wrong_mail(channel: EmailTable) -> tuple[str, str, str] | None:
    reply = (channel.reply_to,) if channel.reply_to else ()
    lists = {
        "sender": (channel.sender,),
        "to": channel.to,
        "cc": channel.cc,
        "bcc": channel.bcc,
        "reply_to": reply,
    }
    for key, values in lists.items():
        for value in values:
            if parse_address(value) is None:
                zh = f"{value!r} 不是邮箱地址，应如 张三 <zhangsan@example.gov.cn>"
                return key, zh, f"{value!r} is no mail address: write 张三 <zhangsan@example.gov.cn>"
    given = bool(channel.password_env) + bool(channel.password_file)
    if channel.user and given != 1:
        return "password_env", "与 password_file 须写且只写一个", "give either this or password_file, not both"
    if given and not channel.user:
        return "user", "写了密码就须写用户名", "a password needs a user"
    return None


def parse_address(value: str) -> tuple[str, str] | None:
    """Display name and address of "张三 <a@b.cn>" or "a@b.cn"; None for anything else, line ends included."""
    found = getaddresses([value])
    if not value.isprintable() or len(found) != 1:
        return None
    name, address = found[0]
    return (name, address) if _ADDRESS.fullmatch(address) else None
