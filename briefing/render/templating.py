"""Jinja2 as every text format uses it: strict, escaping by default, sandboxed, its errors ours."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from briefing import resources
from briefing.errors import ConfigError, RenderError
from briefing.render.wording import quoted

# What an expression in a template can raise besides Jinja's own errors.
_EXPRESSION_ERRORS = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


def shipped_templates() -> Path:
    return resources.find("briefing", "templates")


def make_environment(
    template_dir: Path | None,
    finalize: Callable[[Any], Any] | None = None,
    *,
    layout_dir: Path | None = None,
) -> ImmutableSandboxedEnvironment:
    """An environment over the user's templates, then the layout's, then the shipped ones.

    Autoescape is on for every name (`select_autoescape` would leave `.html.j2` unescaped); a format that
    is not HTML passes `finalize`, which returns its escaped text as `Markup`. Shipped and user templates
    run in the same sandbox. Raises ConfigError when `template_dir` holds no template of a known name.
    """
    shipped = shipped_templates()
    loaders: list[BaseLoader] = [FileSystemLoader(shipped)]
    if layout_dir is not None:
        loaders.insert(0, FileSystemLoader(layout_dir))
    if template_dir is not None:
        _require_templates(template_dir, shipped)
        loaders.insert(0, FileSystemLoader(template_dir))
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=finalize,
    )
    environment.filters["quoted"] = quoted
    return environment


def _require_templates(template_dir: Path, shipped: Path) -> None:
    names = sorted(p.name for p in shipped.iterdir() if p.is_file())
    if not template_dir.is_dir():
        raise ConfigError(
            "模板目录不存在，请核对 --template",
            "no such template folder: check --template",
            source=str(template_dir),
        )
    if not any((template_dir / name).is_file() for name in names):
        allowed = ", ".join(names)
        raise ConfigError(
            f"模板目录中没有可用的模板，文件名应为：{allowed}",
            f"the template folder holds none of: {allowed}",
            source=str(template_dir),
        )


def read_asset(environment: ImmutableSandboxedEnvironment, name: str) -> str:
    """The text of a file beside the templates that is not itself one (a style sheet, a script)."""
    assert environment.loader is not None
    try:
        return environment.loader.get_source(environment, name)[0]
    except (TemplateError, UnicodeDecodeError, OSError) as err:
        raise _render_error(err, name) from err


def render_template(environment: ImmutableSandboxedEnvironment, name: str, values: dict[str, Any]) -> str:
    """Template `name` filled with `values`. Raises RenderError naming the template's file and line."""
    try:
        return environment.get_template(name).render(values)
    except (TemplateError, UnicodeDecodeError, OSError, *_EXPRESSION_ERRORS) as err:
        raise _render_error(err, name) from err


def _render_error(err: Exception, name: str) -> RenderError:
    place = _place(err, name)
    why = " ".join(str(err).split()) or type(err).__name__
    return RenderError(
        f"模板出错：{why}，请改正模板", f"template error: {why}: correct the template", source=place
    )


def _place(err: Exception, name: str) -> str:
    """`file:line` of the template at fault: the innermost template frame, which Jinja keeps in tracebacks."""
    if isinstance(err, TemplateSyntaxError):
        return f"{err.filename or err.name or name}:{err.lineno}"
    frames = [f for f in traceback.extract_tb(err.__traceback__) if f.filename.endswith((".j2", ".css", ".js"))]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else name
