"""Which encoding a body is in: short samples, wrong guesses, damage."""

from __future__ import annotations

import random

import pytest

from briefing.errors import SourceError
from briefing.ingest.encoding import decode
from tests.unit.ingest.makers import MORE, NEWS, TRADITIONAL

# Headlines of about ten characters, invented.
HEADLINES = (
    "江城老旧小区改造开工",
    "三家企业签约入驻园区",
    "我市气温周末大幅下降",
    "全县春耕备耕有序推进",
    "农村公路养护办法出台",
    "医保报销比例提高五个百分点",
    "拟新建停车位2000个",
    "12345热线受理量增长8.6%",
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gb2312", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("text", HEADLINES, ids=range(len(HEADLINES)))
def test_a_heading_of_ten_characters_is_read_in_every_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "x").text == text


@pytest.mark.parametrize(
    "text", ["江城老舊小區改造開工", "農村公路養護辦法發布", TRADITIONAL], ids=["a", "b", "long"]
)
def test_traditional_text_is_read_in_big5_and_gb18030(text: str) -> None:
    assert decode(text.encode("big5"), "x").text == text
    assert decode(text.encode("gb18030"), "x").text == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be", "utf-16", "utf-32"])
def test_the_text_is_what_the_named_codec_gives(encoding: str) -> None:
    body = (NEWS + "\r\n" + MORE).encode(encoding)
    decoded = decode(body, "x")
    assert decoded.text == body.decode(decoded.encoding).removeprefix("\ufeff") == NEWS + "\r\n" + MORE


def test_plain_english_is_utf8() -> None:
    assert decode(b"Bush hid the facts", "x").encoding == "utf-8"


def test_a_long_gb18030_file_is_decoded_whole() -> None:
    text = (NEWS + "\n") * 2000
    assert decode(text.encode("gb18030"), "x").text == text


def test_a_declared_encoding_that_fits_is_used_and_one_that_does_not_is_passed_over() -> None:
    assert decode(NEWS.encode("gbk"), "x", declared="GB2312").encoding == "gb18030"
    assert decode(NEWS.encode("utf-8"), "x", declared="gb2312").text == NEWS
    assert decode(NEWS.encode("utf-8"), "x", declared="no-such-codec").text == NEWS


@pytest.mark.parametrize(
    ("body", "zh"),
    [
        pytest.param(b"", "空的", id="empty"),
        pytest.param(b" \r\n\t \n", "空白", id="white space"),
        pytest.param("\u3000\u3000\n\ufeff".encode(), "空白", id="ideographic space"),
        pytest.param(b"\xff\xfe", "空白", id="only a byte order mark"),
        pytest.param(NEWS.encode()[:100], "第 1 行", id="truncated UTF-8"),
        pytest.param((NEWS + "\n").encode() + b"\xff\xfe\xfa" + MORE.encode(), "第 2 行", id="damaged UTF-8"),
        pytest.param(b"\xff\xfe" + NEWS.encode("utf-16-le") + b"\x2d", "utf-16", id="odd UTF-16"),
        pytest.param(b"\x00" * 4096, "文字", id="zeros"),
        pytest.param(bytes(range(256)) * 16, "文字", id="every byte"),
        pytest.param(random.Random(1).randbytes(5000), "文字", id="random"),
        pytest.param(random.Random(2).randbytes(5001), "文字", id="random, odd"),
        pytest.param(
            NEWS.encode("utf-8").decode("latin-1").encode("utf-8"), "乱码", id="UTF-8 read as Latin-1"
        ),
        pytest.param(
            NEWS.encode("gb18030").decode("latin-1").encode("utf-8"), "乱码", id="GBK read as Latin-1"
        ),
        pytest.param(
            NEWS.encode("utf-8").decode("gb18030", "replace").encode("utf-8"), "乱码", id="UTF-8 read as GBK"
        ),
        pytest.param(("\ufffd" * 20 + NEWS).encode(), "乱码", id="replacement characters"),
        pytest.param(("锟斤拷" * 10 + NEWS).encode(), "乱码", id="锟斤拷"),
        pytest.param("Ünïcödé wörds ïn Lätin ärë nö Chïnésé".encode("latin-1"), "编码", id="Latin-1"),
    ],
)
def test_what_is_no_readable_text_is_refused_with_a_reason(body: bytes, zh: str) -> None:
    with pytest.raises(SourceError) as caught:
        decode(body, "甲.txt")
    assert zh in caught.value.zh
    assert caught.value.source == "甲.txt"
    assert "\n" not in caught.value.zh + caught.value.en


def test_single_damaged_characters_are_a_warning() -> None:
    decoded = decode((NEWS * 4 + "\ufffd" + MORE).encode(), "x")
    assert len(decoded.warnings) == 1


def test_japanese_and_russian_utf8_are_read_as_they_are() -> None:
    text = "きょうは、とてもいいてんきですね。Сегодня хорошая погода."
    assert decode(text.encode(), "x").text == text


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_are_never_taken_for_text(seed: int) -> None:
    with pytest.raises(SourceError):
        decode(random.Random(seed).randbytes(300 + seed), "x")
