"""Bytes to text: which encoding a body is in, decided by strict decoding and by how Chinese it then looks.

A wrong guess is worse than an error, so a body that two encodings explain about as well is refused.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from briefing.errors import SourceError
from briefing.plausibility import mean_cost, total_cost, unseen_pair_share

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The supersets: every GB2312 and GBK file is GB18030, every Big5 file is Big5-HKSCS.
_LEGACY = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
# What a page's own declaration means (browsers read it so).
_DECLARED = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "utf8": "utf-8"}
# Characters looked at: more changes no decision.
_SAMPLE_CHARS = 4000
# Measured on 1,300 headlines cut to ten characters, in four encodings each (headlines/xwlb_dev): the mean cost
# of a right reading is at most 4.0, of a wrong one at least 4.8. `tests/quality/measure_ingest.py` measures the
# outcome: all read right.
MAX_MEAN_COST = 4.5
# The wrong reading of ten characters costs at least 17 more than the right one; of two characters about 3.
MIN_MARGIN = 3.0
# Cost of a pair of neighbours that print never has. With 0 the least margin falls from 17.6 to 12.9.
PAIR_WEIGHT = 2.0
# Share of control characters (of the sample) above which a body is no text.
MAX_CONTROL_SHARE = 0.01
MAX_REPLACEMENT_SHARE = 0.01
_CONTROLS = {chr(c) for c in range(32) if chr(c) not in "\t\n\r\f\v\x1a\x1b"} | {"\x7f"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """`text` is `body.decode(encoding)`, without the byte order mark."""

    text: str
    encoding: str
    warnings: tuple[tuple[str, str], ...] = ()


def decode(body: bytes, name: str, declared: str = "") -> Decoded:
    """`body` as text. `declared`: the encoding that the document itself names, tried before guessing.

    Raises SourceError for an empty body, for one that is no text, and for one whose encoding is unclear.
    """
    if not body:
        raise SourceError("文件是空的，没有内容可读", "the file is empty", source=name)
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _checked(_strict(body, encoding, name).removeprefix("\ufeff"), encoding, name)
    wanted = _DECLARED.get(declared.lower(), declared.lower())
    if wanted and (text := _try(body, wanted)) is not None and mean_cost(text[:_SAMPLE_CHARS]) <= MAX_MEAN_COST:
        return _checked(text, codecs.lookup(wanted).name, name)
    text, encoding = _best_reading(body, name)
    return _checked(text, encoding, name)


def _try(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _strict(body: bytes, encoding: str, name: str) -> str:
    text = _try(body, encoding)
    if text is None:
        raise SourceError(
            f"文件开头标明是 {encoding}，内容却不能按它解码：文件可能不完整，请重新保存为 UTF-8",
            f"marked as {encoding} but does not decode: it may be incomplete, save it again as UTF-8",
            source=name,
        )
    return text


def _reading_cost(text: str) -> float:
    """Cost of one reading of the bytes, comparable between readings of the same bytes."""
    pairs = sum(1 for c in text if "\u4e00" <= c <= "\u9fff")
    return total_cost(text) + PAIR_WEIGHT * unseen_pair_share(text) * pairs


def _is_plausible(text: str) -> bool:
    return mean_cost(text) <= MAX_MEAN_COST and _control_share(text) <= MAX_CONTROL_SHARE


def _best_reading(body: bytes, name: str) -> tuple[str, str]:
    """Text and codec of the reading that stands out. Raises SourceError when none does."""
    utf8 = _try(body, "utf-8")
    is_text = utf8 is not None and _control_share(utf8[:_SAMPLE_CHARS]) <= MAX_CONTROL_SHARE
    if utf8 is not None and is_text and (utf8.isascii() or _is_plausible(utf8[:_SAMPLE_CHARS])):
        return utf8, "utf-8"
    # Every reading is compared on the same bytes: an even cut, moved back to where all decoders agree.
    sample = body if len(body) <= 4 * _SAMPLE_CHARS else b""
    scored: list[tuple[float, str, str]] = []
    for encoding in _LEGACY:
        if encoding.startswith("utf-16") and len(body) % 2:
            continue
        text = _try(body, encoding)
        if text is None or not _is_plausible(text[:_SAMPLE_CHARS]):
            continue
        # Long bodies: cost a byte of a sample, scaled to the sample's size.
        part = text if sample else text[:_SAMPLE_CHARS]
        used = len(part.encode(encoding))
        scored.append(
            (_reading_cost(part) * (min(len(body), 4 * _SAMPLE_CHARS) / max(1, used)), text, encoding)
        )
    if utf8 is not None and is_text and not scored:
        return utf8, "utf-8"  # another language, or rare names: valid multi-byte UTF-8 is no accident
    if not scored:
        raise _undecodable(body, name)
    scored.sort(key=lambda s: s[0])
    if len(scored) > 1 and scored[1][0] - scored[0][0] < MIN_MARGIN:
        raise SourceError(
            f"看不出文字编码（{scored[0][2]} 还是 {scored[1][2]}？），请另存为 UTF-8",
            f"the encoding is unclear ({scored[0][2]} or {scored[1][2]}?): save it as UTF-8",
            source=name,
        )
    return scored[0][1], scored[0][2]


def _undecodable(body: bytes, name: str) -> SourceError:
    """The error for a body that no encoding explains: no text at all, or UTF-8 with a damaged place."""
    head = body[: 4 * _SAMPLE_CHARS]
    if sum(b < 9 or 13 < b < 32 for b in head) > MAX_CONTROL_SHARE * len(head):
        return SourceError(
            "内容不是文字（二进制文件），请给出文字、网页、Word、PDF 或 JSONL 文件",
            "this is not text (a binary file): give a text, web, Word, PDF or JSONL file",
            source=name,
        )
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as err:
        good = body[: err.start].decode("utf-8")
        if not good.isascii() and _is_plausible(good[:_SAMPLE_CHARS]):
            line = good.count("\n") + 1
            if err.end >= len(body) and err.reason == "unexpected end of data":
                return SourceError(
                    f"文件不完整：UTF-8 文字在第 {line} 行末尾的字中间断开，请重新复制或下载",
                    f"incomplete: UTF-8 text breaks off inside a character on line {line}: copy it again",
                    source=name,
                )
            return SourceError(
                f"第 {line} 行有损坏的字节（第 {err.start + 1} 字节），不是完整的 UTF-8，请重新保存",
                f"damaged bytes on line {line} (byte {err.start + 1}), not valid UTF-8: save it again as UTF-8",
                source=name,
            )
    return SourceError(
        "看不出文字编码（不是 UTF-8、GB18030、UTF-16 或 Big5 的中文），请另存为 UTF-8",
        "the encoding is unknown (not Chinese in UTF-8, GB18030, UTF-16 or Big5): save it as UTF-8",
        source=name,
    )


def _control_share(text: str) -> float:
    return sum(c in _CONTROLS for c in text) / len(text) if text else 0.0


def _checked(text: str, encoding: str, name: str) -> Decoded:
    """`text` when it is neither blank, binary nor mojibake; a warning for single damaged characters."""
    if not text.strip("\ufeff\x00 \t\r\n\f\v\u3000\u00a0\u200b"):
        raise SourceError("文件里只有空白，没有文字", "the file holds only white space", source=name)
    sample = text[:_SAMPLE_CHARS]
    if _control_share(sample) > MAX_CONTROL_SHARE:
        raise SourceError(
            "内容不是文字（控制字符太多），请给出文字、网页、Word、PDF 或 JSONL 文件",
            "this is not text (too many control characters): give a text, web, Word, PDF or JSONL file",
            source=name,
        )
    lost = text.count("\ufffd") + 3 * text.count("锟斤拷")
    if lost > MAX_REPLACEMENT_SHARE * len(text) or _is_mojibake(sample):
        raise SourceError(
            "文字已是乱码（保存时用错了编码），原字无法恢复，请从来源重新取得",
            "the text is mojibake (it was once saved in a wrong encoding): get it from its source again",
            source=name,
        )
    warnings = ((f"有 {lost} 个字符已损坏（�）", f"{lost} characters are damaged (�)"),) if lost else ()
    return Decoded(text, encoding, warnings)


def _is_mojibake(sample: str) -> bool:
    """`sample` looks unlike Chinese, and like Chinese once a well-known wrong decoding is undone."""
    if sample.isascii() or mean_cost(sample) <= MAX_MEAN_COST:
        return False
    for wrong in ("gb18030", "cp1252", "latin-1", "big5hkscs"):
        for right in ("utf-8", "gb18030"):
            if wrong == right:
                continue
            undone = sample.encode(wrong, "replace").decode(right, "replace").replace("?", "")
            clean = undone.replace("\ufffd", "")
            wide = sum(c > "\u2e7f" for c in clean)
            if (
                wide >= 4
                and len(clean) > 0.7 * len(undone)
                and wide > 0.3 * len(clean)
                and mean_cost(clean) <= MAX_MEAN_COST
            ):
                return True
    return False
