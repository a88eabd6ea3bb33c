"""An edition's files into a folder of their own, on a mounted share for instance; sent twice, there once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing.deliver.contract import Notice, Outcome, Part, Shipment, sent
from briefing.deliver.folder import write_folder
from briefing.deliver.letters import attachment_name
from briefing.deliver_tables import FolderChannelTable
from briefing.errors import DeliveryError
from briefing.records import Rendered


@dataclass(frozen=True, slots=True)
class FolderChannel:
    """`base`: where a relative path begins."""

    table: FolderChannelTable
    base: Path
    pause_seconds: float = 0.0
    repeatable: bool = True

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def formats(self) -> tuple[str, ...]:
        return self.table.formats

    def _files(self, shipment: Shipment) -> list[Rendered]:
        if isinstance(shipment, Notice):
            stem = shipment.key.replace(":", "-")
            body = "\n".join([shipment.title, "", *shipment.lines]) + "\n"
            return [Rendered("text/plain; charset=utf-8", f"通知-{stem}.txt", body.encode())]
        return [Rendered(f.media_type, attachment_name(shipment, f), f.body) for f in shipment.files]

    def _folder(self, shipment: Shipment) -> Path:
        day = shipment.queued_at.date() if isinstance(shipment, Notice) else shipment.day
        return self.base / self.table.path / day.isoformat()

    def parts(self, shipment: Shipment) -> tuple[Part, ...]:
        digest = hashlib.sha256()
        for file in self._files(shipment):
            digest.update(file.filename.encode() + b"\0" + file.body)
        return (Part(str(self._folder(shipment)), digest.hexdigest(), b""),)

    def send(self, shipment: Shipment, parts: Sequence[Part]) -> tuple[Outcome, ...]:
        files = self._files(shipment)
        if not files:
            raise DeliveryError("所要的格式都未能生成，没有文件可放", "none of the formats could be made")
        # A folder that is not there is a share that is not mounted: made here, it would hide under the mount.
        root = self.base / self.table.path
        if not root.is_dir():
            raise DeliveryError(
                "目录不存在（共享盘未挂载？），请先建好",
                "no such folder (a share not mounted?): make it first",
                source=str(root),
            )  # fmt: skip
        paths = write_folder(files, self._folder(shipment))
        return (sent("、".join(p.name for p in paths)),) * len(parts)
