"""Group robots and webhooks against real HTTP servers: what goes out, how it is signed, what answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from briefing.deliver.chat import plain
from briefing.deliver.contract import Channel, Fate
from briefing.deliver.robots import DINGTALK_MAX_BYTES, WECOM_MAX_BYTES
from briefing.deliver.table import ChannelSurroundings, build_outlets
from briefing.deliver.webhook import sign
from briefing.deliver_tables import convert_channels
from briefing.net.clock import Clock
from tests.unit.deliver.servers import NOW, OK, hang_up, issue, notice, parcel, robot, stall

SECRET = "SEC-made-up"


def channel(kind: str, url: str, monkeypatch: pytest.MonkeyPatch, **keys: Any) -> Channel:
    monkeypatch.setenv("MADE_URL", url)
    monkeypatch.setenv("MADE_SECRET", SECRET)
    values = {
        "kind": kind,
        "name": "群",
        "url_env": "MADE_URL",
        "allow_private": True,
        "idle_seconds": 1,
    } | keys
    tables = convert_channels([values], lambda _: "test")
    around = ChannelSurroundings(clock=Clock(now=lambda: NOW))
    return build_outlets(tables, around)[0].channel


def send(made: Channel, shipment: Any = None) -> list[Any]:
    shipment = shipment or parcel()
    return [made.send(shipment, [part])[0] for part in made.parts(shipment)]


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        pytest.param("wecom", WECOM_MAX_BYTES, id="wecom"),
        pytest.param("dingtalk", DINGTALK_MAX_BYTES, id="dingtalk"),
        pytest.param("feishu", DINGTALK_MAX_BYTES, id="feishu"),
    ],
)
def test_a_long_issue_is_cut_between_items_and_no_message_is_over_the_limit(
    kind: str, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipment = parcel(text=issue(120))
    parts = channel(kind, "https://x.test/", monkeypatch).parts(shipment)
    assert len(parts) > 1
    bodies = [json.loads(p.body) for p in parts]
    contents = [
        b["markdown"]["content"].encode() if kind == "wecom" else p.body
        for b, p in zip(bodies, parts, strict=True)
    ]
    assert all(len(c) <= limit for c in contents)
    assert all(f"（{i}/{len(parts)}）".encode() in c for i, c in enumerate(contents, 1))
    texts = [c.decode() for c in contents]
    for item in shipment.text.items:
        assert sum(f"{item.headline}*" in t for t in texts) == 1
        assert any(f"{item.headline}*" in t and item.text in t for t in texts)
    assert sum(t.count(shipment.text.items[0].text) for t in texts) == 120


def test_an_item_over_the_limit_loses_whole_sentences_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = "".join(f"第{n}批道路工程计划投资{n}亿元。" for n in range(1, 200))
    parts = channel("wecom", "https://x.test/", monkeypatch).parts(parcel(text=issue(1, sentences)))
    content = next(c for p in parts if "第1批" in (c := json.loads(p.body)["markdown"]["content"]))
    assert "亿元。（本条较长，全文见简报）" in content
    assert len(content.encode()) <= WECOM_MAX_BYTES


def test_markup_of_a_document_reaches_no_group() -> None:
    hostile = "<@all> [点我](javascript:1) **粗** `码` &lt;b&gt;\n# 题"
    shown = plain(hostile)
    assert not set("<>[]*`\n") & set(shown)
    assert "&lt;" not in shown
    assert plain("投资1.6亿元，同比增长3.2%，拟于2027年完工") == "投资1.6亿元，同比增长3.2%，拟于2027年完工"


def test_dingtalk_is_signed_in_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with robot() as server:
        assert [
            o.fate for o in send(channel("dingtalk", server.url, monkeypatch, secret_env="MADE_SECRET"))
        ] == [Fate.SENT]
    query = parse_qs(urlsplit(server.asked[0][0]).query)
    timestamp = str(int(NOW.timestamp() * 1000))
    expected = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert (query["timestamp"], query["access_token"]) == ([timestamp], ["TOKEN123"])
    assert base64.b64decode(query["sign"][0]) == expected


def test_feishu_is_signed_in_the_body_and_keeps_its_keyword(monkeypatch: pytest.MonkeyPatch) -> None:
    with robot() as server:
        send(channel("feishu", server.url, monkeypatch, secret_env="MADE_SECRET", keyword="政务要报"))
    body = json.loads(server.asked[0][2])
    key = f"{body['timestamp']}\n{SECRET}".encode()
    assert body["timestamp"] == str(int(NOW.timestamp()))
    assert base64.b64decode(body["sign"]) == hmac.new(key, b"", hashlib.sha256).digest()
    assert "政务要报" in body["card"]["header"]["title"]["content"]


def test_a_webhook_gets_an_hmac_header_and_the_same_key_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with robot() as server:
        made = channel("webhook", server.url, monkeypatch, secret_env="MADE_SECRET")
        send(made), send(made)
    (_, headers, body), (_, again, _) = server.asked
    assert headers["x-briefing-signature"] == sign(SECRET, headers["x-briefing-timestamp"], body)
    assert headers["idempotency-key"] == again["idempotency-key"]
    payload = json.loads(body)
    assert (payload["key"], payload["date"], len(payload["sections"])) == (
        "daily-2026-03-05-v1",
        "2026-03-05",
        2,
    )
    assert made.repeatable


CASES = [
    pytest.param("wecom", (200, {}, b'{"errcode":45009,"errmsg":"api freq out of limit"}'), Fate.LATER, id="wecom busy"),
    pytest.param("wecom", (200, {}, b'{"errcode":93000,"errmsg":"invalid webhook url"}'), Fate.REFUSED, id="wecom refused in a 200"),
    pytest.param("dingtalk", (200, {}, b'{"errcode":130101,"errmsg":"send too fast"}'), Fate.LATER, id="dingtalk busy"),
    pytest.param("dingtalk", (200, {}, b'{"errcode":310000,"errmsg":"sign not match"}'), Fate.REFUSED, id="dingtalk sign"),
    pytest.param("feishu", (200, {}, b'{"code":11232,"msg":"frequency limited"}'), Fate.LATER, id="feishu busy"),
    pytest.param("feishu", (200, {}, b'{"code":19021,"msg":"sign match fail"}'), Fate.REFUSED, id="feishu sign"),
    pytest.param("feishu", (200, {}, b"<html>portal</html>"), Fate.UNCLEAR, id="no answer of a robot"),
    pytest.param("wecom", (429, {"Retry-After": "17"}, b""), Fate.LATER, id="429"),
    pytest.param("wecom", (502, {}, b""), Fate.UNCLEAR, id="502"),
    pytest.param("wecom", (404, {}, b""), Fate.REFUSED, id="404"),
    pytest.param("webhook", (302, {"Location": "http://127.0.0.1/"}, b""), Fate.REFUSED, id="redirects are not followed"),
    pytest.param("wecom", hang_up, Fate.UNCLEAR, id="dropped after the body"),
    pytest.param("wecom", stall, Fate.UNCLEAR, id="stalls"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "answer", "fate"), CASES)
def test_what_an_answer_means(kind: str, answer: Any, fate: Fate, monkeypatch: pytest.MonkeyPatch) -> None:
    with robot(answer) as server:
        outcome = send(channel(kind, server.url, monkeypatch))[0]
    assert (outcome.fate, len(server.asked)) == (fate, 1)
    assert "TOKEN123" not in outcome.zh + outcome.en + outcome.receipt


def test_the_wait_that_a_receiver_asks_for_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with robot((429, {"Retry-After": "17"}, b"")) as server:
        assert send(channel("wecom", server.url, monkeypatch))[0].retry_after_seconds == 17.0


def test_a_server_that_repeats_the_key_does_not_get_it_into_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    with robot((200, {}, b'{"errcode":300001,"errmsg":"token TOKEN123 is not exist"}')) as server:
        outcome = send(channel("dingtalk", server.url, monkeypatch))[0]
    assert "***" in outcome.en
    assert "TOKEN123" not in outcome.en + outcome.zh


def test_nobody_there_is_certainly_not_received(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/x?access_token=TOKEN123"
    outcome = send(channel("wecom", url, monkeypatch))[0]
    assert (outcome.fate, "TOKEN123" in outcome.en) == (Fate.LATER, False)


def test_private_addresses_need_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    made = channel("wecom", "https://127.0.0.1:9/x", monkeypatch, allow_private=False)
    outcome = send(made)[0]
    assert outcome.fate is Fate.REFUSED
    assert "allow_private" in outcome.zh


def test_a_notice_is_one_short_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with robot(OK) as server:
        send(channel("wecom", server.url, monkeypatch), notice())
    content = json.loads(server.asked[0][2])["markdown"]["content"]
    assert content == "### 未出刊：2026年3月5日\n来源 青禾日报：未能获取（连接超时）"
