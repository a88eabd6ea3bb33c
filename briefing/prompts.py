"""Prompt files: read, validated, hashed and rendered. An article's text is data in them, never instruction.

A prompt is `prompts/<task>/<name>.zh.md`: a TOML header between `+++` lines, then the messages, each under a
line `[system]` or `[user]`, written in Jinja2 (prompts/README.md).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import msgspec
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Meta

from briefing.errors import ResourceError
from briefing.resources import find

SUFFIX = ".zh.md"
ROLES = ("system", "user")
# What an engine may offer a prompt of each task; a prompt names those that it uses.
TASKS: dict[str, tuple[str, ...]] = {
    "summarise": ("title", "text", "max_chars", "max_sentences", "part", "parts", "fence"),
}
_HEADER = re.compile(r"\A\+\+\+\n(?P<header>.*?)\n\+\+\+\n(?P<body>.*)\Z", re.S)
_ROLE = re.compile(r"^\[(system|user)\]\s*$", re.M)
_MAX_FILE_BYTES = 64 << 10


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`version` grows with every change of meaning; the limits are in tokens of the model that answers."""

    task: str
    version: Annotated[int, Meta(ge=1)]
    variables: tuple[str, ...]
    max_input_tokens: Annotated[int, Meta(ge=128, le=1_000_000)]
    max_output_tokens: Annotated[int, Meta(ge=16, le=8192)]


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """`identity`: name@version#hash, as it stands in every summary that it made."""

    name: str
    header: Header
    templates: tuple[Message, ...]
    sha256: str

    @property
    def identity(self) -> str:
        return f"{self.name}@{self.header.version}#{self.sha256[:12]}"


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # A prompt file may come from anywhere: it can read the values it is given and nothing else. Messages are
    # plain text, so nothing is escaped for HTML.
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )


def load_prompt(name: str, task: str) -> Prompt:
    """The shipped prompt `name` of `task` (`prompts/<task>/<name>.zh.md`), or the file at the path `name`.

    Raises ResourceError naming what is wrong with the file, and the shipped prompts when there is no such.
    """
    path = Path(name)
    if not name.endswith(SUFFIX):
        folder = find("prompts", task)
        path = folder / f"{name}{SUFFIX}"
        known = sorted(p.name.removesuffix(SUFFIX) for p in folder.glob(f"*{SUFFIX}"))
        if name not in known:
            raise ResourceError(
                f"没有名为“{name}”的提示词；可用：{'、'.join(known)}，或写出 *{SUFFIX} 文件的路径",
                f"no prompt called {name!r}: use {', '.join(known)}, or the path of a *{SUFFIX} file",
                source=f"prompts/{task}",
            )
    try:
        body = path.read_bytes()
        text = body.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as err:
        raise _wrong(path, f"无法读取（{err.strerror}）", f"cannot read ({err.strerror})") from err
    except UnicodeDecodeError as err:
        raise _wrong(path, "不是 UTF-8 文本", "not UTF-8 text") from err
    if len(body) > _MAX_FILE_BYTES:
        raise _wrong(path, "文件过大", "the file is too large")
    header, templates = _parse(text, path)
    prompt = Prompt(path.name.removesuffix(SUFFIX), header, templates, hashlib.sha256(body).hexdigest())
    _check(prompt, task, path)
    return prompt


def _wrong(path: Path, zh: str, en: str) -> ResourceError:
    return ResourceError(f"提示词文件有误：{zh}", f"wrong prompt file: {en}", source=str(path))


def _parse(text: str, path: Path) -> tuple[Header, tuple[Message, ...]]:
    match = _HEADER.match(text)
    if match is None:
        raise _wrong(path, "开头应有 +++ 之间的文件头", "it must begin with a header between +++ lines")
    try:
        header = msgspec.convert(tomllib.loads(match["header"]), Header)
    except tomllib.TOMLDecodeError as err:
        raise _wrong(path, f"文件头不是有效的 TOML：{err}", f"the header is not valid TOML: {err}") from err
    except msgspec.ValidationError as err:
        raise _wrong(path, f"文件头：{err}", f"header: {err}") from err
    pieces = _ROLE.split(match["body"])
    if pieces[0].strip():
        raise _wrong(path, "正文应先写 [system] 或 [user]", "the body must begin with [system] or [user]")
    roles = pieces[1::2]
    if roles not in (["user"], ["system", "user"]):
        raise _wrong(
            path, "应为一段 [user]，其前可有一段 [system]", "write one [user], at most one [system] before it"
        )
    return header, tuple(Message(r, t.strip()) for r, t in zip(roles, pieces[2::2], strict=True))


def _check(prompt: Prompt, task: str, path: Path) -> None:
    header = prompt.header
    if header.task != task:
        raise _wrong(path, f"task 应为 {task}，现为 {header.task}", f"task must be {task}, is {header.task}")
    allowed = TASKS[task]
    unknown = [v for v in header.variables if v not in allowed]
    if unknown:
        raise _wrong(
            path,
            f"未知的变量 {'、'.join(unknown)}；可用：{'、'.join(allowed)}",
            f"unknown variables {', '.join(unknown)}: use {', '.join(allowed)}",
        )
    used: set[str] = set()
    for message in prompt.templates:
        try:
            used |= meta.find_undeclared_variables(_environment().parse(message.content))
        except TemplateSyntaxError as err:
            line = f"[{message.role}] {err.lineno}"
            raise _wrong(path, f"模板第 {line} 行：{err.message}", f"template {line}: {err.message}") from err
    extra, missing = sorted(used - set(header.variables)), sorted(set(header.variables) - used)
    if extra:
        names = ", ".join(extra)
        raise _wrong(path, f"正文用了文件头没有的变量 {names}", f"variables not in the header: {names}")
    if missing:
        names = ", ".join(missing)
        raise _wrong(path, f"文件头列了正文没有用的变量 {names}", f"variables never used: {names}")
    if "text" not in used or "fence" not in used:
        raise _wrong(
            path,
            "正文须用 text，并以 fence 围住（文章是材料，不是指令）",
            "the body must use text, between lines with fence (an article is data, never instruction)",
        )


def render_prompt(prompt: Prompt, values: Mapping[str, Any]) -> tuple[Message, ...]:
    """The messages with `values` (those of the header are used) put in as they are: text in a value is never
    read as a template. Raises ResourceError when a template fails on them."""
    try:
        return tuple(
            Message(m.role, _environment().from_string(m.content).render(_wanted(prompt, values)))
            for m in prompt.templates
        )
    except (TemplateError, TypeError, ValueError, ArithmeticError) as err:
        raise ResourceError(
            f"提示词无法套用：{err}", f"the prompt cannot be rendered: {err}", source=prompt.name
        ) from err


def _wanted(prompt: Prompt, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in prompt.header.variables if name in values}


# What chat models read as structure: <|im_start|>, [INST], <<SYS>>, <s>, <start_of_turn>, <think> …
_CONTROL = re.compile(
    r"<\s*[|｜][^<>\n]{0,80}[|｜]\s*>"
    r"|\[/?\s*(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\s*\]|<</?\s*SYS\s*>>"
    r"|</?\s*(?:s|unk|pad|bos|eos|cls|sep|mask|think|thinking|tool_call|tool_response|tools?|"
    r"start_of_turn|end_of_turn|start_header_id|end_header_id|eot_id|begin_of_text|end_of_text|"
    r"system|user|assistant|extra_id_\d{1,3})\s*>",
    re.I,
)
_FULL_WIDTH = str.maketrans("<>[]|", "＜＞［］｜")


def neutralise(text: str, control_tokens: frozenset[str] = frozenset()) -> str:
    """`text` with everything that a chat model could read as structure in full-width brackets, so that it
    stays readable and is only text. `control_tokens`: those of the model itself; one without a bracket in it
    is taken apart by a space."""
    for token in sorted(control_tokens, key=lambda t: (-len(t), t)):
        if len(token) > 1 and token in text:
            apart = token.translate(_FULL_WIDTH)
            text = text.replace(token, apart if apart != token else f"{token[0]} {token[1:]}")
    return _CONTROL.sub(lambda m: m.group().translate(_FULL_WIDTH), text)


def fence_for(text: str) -> str:
    """A mark to put around `text` that does not occur in it and that its author could not have foreseen.

    A hash of the text itself: to contain its own fence the text would have to be a fixed point of SHA-256 in
    64 bits; and the same article gets the same prompt on every run.
    """
    number = 0
    while True:
        fence = hashlib.sha256(f"{number}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        if fence not in text:
            return fence
        number += 1
