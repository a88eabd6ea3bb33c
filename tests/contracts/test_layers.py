"""Imports point down (docs/architecture.md): read from the source, so an unplaced module fails too."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "briefing"

# Row of each module or folder of `briefing/`. Modules of one folder may import one another.
ROWS = {
    "__main__": 9,
    "cli": 8,
    "scheduler": 7,
    "editions": 6,
    "app": 5,
    "parallel": 4,
    "pipeline": 4,
    "issuing": 4,
    "collect": 4,
    "ingest": 3,
    "segment": 3,
    "clean": 3,
    "dedupe": 3,
    "summarise": 3,
    "check": 3,
    "classify": 3,
    "rank": 3,
    "assemble": 3,
    "render": 3,
    "deliver": 3,
    "model_download": 3,
    "doctor": 3,
    "store": 3,
    "boosted": 2,
    "inference": 2,
    "prompts": 2,
    "model_cards": 2,
    "plausibility": 2,
    "config": 2,
    "fonts": 2,
    "words": 2,
    "workers": 2,
    "net": 2,
    "json_form": 1,
    "deliver_tables": 1,
    "secret_values": 1,
    "source_tables": 1,
    "run_tables": 1,
    "resources": 1,
    "text": 1,
    "records": 0,
    "table_kinds": 0,
    "errors": -1,
    "digest_records": -1,
    "__init__": 0,
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def place(path: Path) -> str:
    """Top-level module or folder that `path` belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_places(path: Path) -> set[str]:
    places = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name}:{node.lineno}: write absolute imports"
            parts = (node.module or "").split(".")
            if parts[0] == "briefing":
                places |= {parts[1]} if len(parts) > 1 else {a.name for a in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                if parts[0] == "briefing" and len(parts) > 1:
                    places.add(parts[1])
    return places - {"__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    here = place(path)
    assert here in ROWS, f"{here} has no row: place it here and in docs/architecture.md"
    for other in imported_places(path):
        assert other in ROWS, f"{path.name} imports briefing.{other}, which has no row"
        # Row 0 and 1 hold primitives that may build on one another's neighbours (json_form on records).
        assert other == here or ROWS[other] < ROWS[here], f"{path.name} (row {ROWS[here]}) imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text("utf-8")
    assert source.count("\n") <= 500
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{path.name}:{node.lineno} {node.name} has {length} lines"
            arguments = node.args
            count = len(arguments.args) + len(arguments.posonlyargs) + len(arguments.kwonlyargs)
            own = [a.arg for a in arguments.args[:1] if a.arg in ("self", "cls")]
            assert count - len(own) <= 6 or _is_command(node), f"{node.name} has {count} parameters"


def _is_command(node: ast.FunctionDef) -> bool:
    """click hands each option over as a parameter of its own: there the list is the interface."""
    return any("command" in ast.unparse(d) for d in node.decorator_list)


def test_package_has_modules() -> None:
    assert len(MODULES) > 5


@pytest.mark.parametrize("name", ["torch", "transformers", "sklearn", "lightgbm", "jieba"])
def test_heavy_libraries_are_not_imported_by_the_package(name: str) -> None:
    # inference.py imports torch and transformers by name, on first use: nobody else may.
    users = [
        p.name
        for p in MODULES
        if p.name != "inference.py"
        for n in ast.walk(ast.parse(p.read_text("utf-8")))
        if (isinstance(n, ast.Import) and any(a.name.split(".")[0] == name for a in n.names))
        or (isinstance(n, ast.ImportFrom) and (n.module or "").split(".")[0] == name)
        or _imports_by_name(n, name)
    ]
    assert not users


def _imports_by_name(node: ast.AST, name: str) -> bool:
    """`import_module("torch")` and the like; looking whether it is installed (`find_spec`) loads nothing."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
        return False
    called = ast.unparse(node.func).rpartition(".")[2]
    loads = called in ("import_module", "__import__", "need", "need_library", "importorskip")
    return loads and str(node.args[0].value).partition(".")[0] == name
