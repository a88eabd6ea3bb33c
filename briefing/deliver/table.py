"""The table of channels: a new kind is a new file, a struct in `deliver_tables`, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from briefing.deliver import robots
from briefing.deliver.archive import Archive
from briefing.deliver.contract import Channel, Outlet
from briefing.deliver.email import Email
from briefing.deliver.folder_channel import FolderChannel
from briefing.deliver.posting import PostPolicy
from briefing.deliver.webhook import Webhook
from briefing.deliver_tables import (
    AnyChannel,
    ArchiveTable,
    ChannelTable,
    DingtalkTable,
    EmailTable,
    FeishuTable,
    FolderChannelTable,
    PostingTable,
    WebhookTable,
    WecomTable,
)
from briefing.net import guard
from briefing.net.clock import Clock
from briefing.net.guard import Resolver


@dataclass(frozen=True, slots=True)
class ChannelSurroundings:
    """What channels share. `base`: where relative paths begin."""

    base: Path = Path()
    clock: Clock = field(default_factory=Clock)
    resolver: Resolver = guard.system_resolver


_Maker = Callable[[Any, ChannelSurroundings], Channel]
CHANNELS: Mapping[type[ChannelTable], _Maker] = {
    FolderChannelTable: lambda table, around: FolderChannel(table, around.base),
    ArchiveTable: lambda table, around: Archive(table, around.base),
    EmailTable: lambda table, around: Email(table),
    WecomTable: lambda table, around: robots.wecom(table, around.clock, _policy(table, around)),
    DingtalkTable: lambda table, around: robots.dingtalk(table, around.clock, _policy(table, around)),
    FeishuTable: lambda table, around: robots.feishu(table, around.clock, _policy(table, around)),
    WebhookTable: lambda table, around: Webhook(table, around.clock, _policy(table, around)),
}
_FILE_KEYS = ("password_file", "url_file", "secret_file", "token_file")


def build_outlets(tables: Sequence[AnyChannel], around: ChannelSurroundings) -> tuple[Outlet, ...]:
    """The enabled channels in the configured order. Reads no secret and connects to nothing."""
    return tuple(
        Outlet(CHANNELS[type(t)](_placed(t, around), around), t.briefings, t.notices, t.editions)
        for t in tables
        if t.enabled
    )


def _placed(table: Any, around: ChannelSurroundings) -> Any:
    """`table` with the paths of secrets taken from the configuration's folder, where they are relative."""
    paths = {key: getattr(table, key, "") for key in _FILE_KEYS}
    return msgspec.structs.replace(table, **{k: str(around.base / p) for k, p in paths.items() if p})


def _policy(table: PostingTable, around: ChannelSurroundings) -> PostPolicy:
    return PostPolicy(table.allow_private, table.idle_seconds, table.request_seconds, around.resolver)
