"""The `[[deliver]]` tables, every channel's promises, and a store that an earlier program wrote."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from briefing.deliver.contract import Channel
from briefing.deliver.table import CHANNELS, ChannelSurroundings, build_outlets
from briefing.deliver_tables import CHANNEL_KINDS, convert_channels
from briefing.errors import BriefingError, ConfigError
from briefing.json_form import to_json
from briefing.secret_values import read_secret, redact
from briefing.store.database import APPLICATION_ID, open_store
from briefing.store.deliveries import DeliveryState, deliveries
from briefing.store.schema import STEPS
from tests.unit.deliver.servers import notice, parcel
from tests.unit.editions.made_sources import config

MAIL = {
    "kind": "email",
    "name": "邮件",
    "host": "smtp.office.test",
    "sender": "a@office.test",
    "to": ["b@office.test"],
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "folder": {"path": "share"},
    "archive": {"path": "web"},
    "email": MAIL,
    "wecom": {"url_env": "U"},
    "dingtalk": {"url_env": "U", "secret_env": "S"},
    "feishu": {"url_file": "u.txt"},
    "webhook": {"url": "https://oa.office.test/hook"},
}


def built(kind: str, base: Path) -> Channel:
    tables = convert_channels([{"name": "渠道"} | EXAMPLES[kind] | {"kind": kind}], lambda _: "test")
    return build_outlets(tables, ChannelSurroundings(base))[0].channel


def test_every_kind_has_a_channel_and_an_example() -> None:
    assert set(CHANNELS) == set(CHANNEL_KINDS.values())
    assert set(EXAMPLES) == set(CHANNEL_KINDS)


@pytest.mark.parametrize("kind", EXAMPLES, ids=str)
@pytest.mark.parametrize("made", [parcel, notice], ids=["edition", "notice"])
def test_the_same_shipment_gives_the_same_parts(kind: str, made: Callable[[], Any], tmp_path: Path) -> None:
    first, second = built(kind, tmp_path).parts(made()), built(kind, tmp_path).parts(made())
    assert first
    assert [(p.label, p.digest, p.group) for p in first] == [(p.label, p.digest, p.group) for p in second]
    assert {p.group for p in first} == set(range(len({p.group for p in first})))


def test_a_letter_queued_at_another_time_is_still_the_same_letter(tmp_path: Path) -> None:
    from datetime import timedelta

    later = parcel(queued_at=parcel().queued_at + timedelta(hours=2))
    assert built("email", tmp_path).parts(parcel())[0].digest == built("email", tmp_path).parts(later)[0].digest


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_secret_that_is_not_there_is_an_error_of_ours(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("U", raising=False)
    made = built(kind, tmp_path)
    with pytest.raises(BriefingError, match=r"U is not set|cannot be read"):
        made.send(parcel(), made.parts(parcel()))


WRONG = [
    pytest.param({"kind": "fax", "name": "x"}, "wecom", id="kind"),
    pytest.param({"kind": "wecom", "name": "x", "url": "https://a"}, "url_env", id="key of another kind"),
    pytest.param({"kind": "wecom", "name": "x"}, "url_env", id="no address"),
    pytest.param(
        {"kind": "wecom", "name": "x", "url_env": "A", "url_file": "b"}, "exactly one", id="two addresses"
    ),
    pytest.param(MAIL | {"to": ["zhang"]}, "mail address", id="no address of a person"),
    pytest.param(MAIL | {"to": ["a@b.cn\r\nBcc: c@d.cn"]}, "mail address", id="header in an address"),
    pytest.param(MAIL | {"user": "a"}, "password_file", id="user without password"),
    pytest.param(MAIL | {"port": 70000}, "65535", id="port"),
    pytest.param(MAIL | {"briefings": False}, "notices", id="nothing goes there"),
    pytest.param(MAIL | {"password": "x"}, "password holds a secret", id="password in the file"),
]


@pytest.mark.parametrize(("table", "said"), WRONG)
def test_what_is_wrong_is_named_with_what_is_allowed(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said) as err:
        convert_channels([table], lambda _: "briefing.toml")
    assert err.value.source == "briefing.toml"
    assert err.value.zh.startswith("deliver[1]")


def test_names_are_unique_and_editions_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="two channels"):
        convert_channels([MAIL, MAIL], lambda _: "x")
    with pytest.raises(ConfigError, match="known: daily, weekly, monthly"):
        config(tmp_path, '[[deliver]]\nkind = "folder"\nname = "x"\npath = "y"\neditions = ["evening"]\n')


def test_a_secret_stands_in_no_shown_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("U", "https://x.test/?key=TOKEN123")
    shown = to_json(config(tmp_path, '[[deliver]]\nkind = "wecom"\nname = "群"\nurl_env = "U"\n')).decode()
    assert '"url_env":"U"' in json.dumps(json.loads(shown), separators=(",", ":"))
    assert "TOKEN123" not in shown


def test_a_file_of_secrets_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("SEC\n", "utf-8")
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        read_secret("", str(path), "deliver.群")
    path.chmod(0o600)
    assert read_secret("", str(path), "deliver.群") == "SEC"
    assert redact("key SEC-long and SEC", ("SEC", "SEC-long", "")) == "key *** and ***"


def test_deliveries_of_an_earlier_store_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as db:
        for step in STEPS[:2]:
            db.executescript(step)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 2")
        db.execute(
            "INSERT INTO editions (id, edition, day, version, memory, run, state, title, issue_number, items,"
            " made_at, body) VALUES (1, 'daily', '2026-03-05', 1, 'main', 1, 'published', '', '', 1,"
            " '2026-03-05T07:00:00+08:00', x'00')"
        )
        rows = [("a", "sent", "id 1"), ("b", "sending", ""), ("c", "failed", "no route")]
        for channel, state, detail in rows:
            db.execute(
                "INSERT INTO deliveries VALUES (1, ?, ?, 1, '2026-03-05T07:01:00+08:00', ?)",
                (channel, state, detail),
            )
    db.close()
    with open_store(path) as store:
        found = {d.channel: d for d in deliveries(store, 1)}
    assert [found[c].state for c in "abc"] == [DeliveryState.SENT, DeliveryState.UNCLEAR, DeliveryState.FAILED]
    assert (found["a"].receipt, found["c"].error_en) == ("id 1", "no route")
