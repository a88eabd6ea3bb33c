"""The documentation names only what exists: files, headings, commands, options, modules, figures' places."""

from __future__ import annotations

import re
import shlex
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import click
import pytest

from briefing.cli import COMMANDS, group
from briefing.records import DropReason

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CHANGELOG.md"]
    + [ROOT / folder / "README.md" for folder in ("models", "prompts", "samples")]
    + list((ROOT / "models").glob("*/README.md"))
    + list((ROOT / "docs").rglob("*.md"))
)
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
_FENCED = re.compile(r"^```[a-z]*\n(.*?)^```", re.S | re.M)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(text: str) -> set[str]:
    """Ids that a Markdown viewer gives the headings."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", text), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


def commands(path: Path) -> list[str]:
    lines = [line for block in _FENCED.findall(path.read_text("utf-8")) for line in block.splitlines()]
    return [line for line in lines if line.startswith("briefing ")]


SHOWN = [(path, line) for path in PAGES for line in commands(path)]


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    for target in _LINK.findall(_FENCED.sub("", text)):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        linked = path.parent / name if name else path
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked.read_text("utf-8")), target


@pytest.mark.parametrize(("path", "line"), SHOWN, ids=lambda v: named(v) if isinstance(v, Path) else v[:60])
def test_every_command_shown_exists_with_its_options(path: Path, line: str) -> None:
    words = shlex.split(line.split(" > ", maxsplit=1)[0], comments=True)[1:]
    context = click.Context(group, **group.context_settings)
    command = group.get_command(context, words[0])
    assert command is not None, f"{named(path)}: no command {words[0]}"
    # Parsed, not run: an unknown option, a wrong value or a missing argument raises a usage error.
    command.make_context(words[0], words[1:], parent=context)


@pytest.mark.parametrize("path", READMES, ids=named)
def test_inputs_shown_in_the_tour_are_shipped(path: Path) -> None:
    inputs = [w for line in commands(path) for w in shlex.split(line) if w.startswith("samples/")]
    assert inputs
    for name in inputs:
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("path", READMES, ids=named)
def test_the_tour_shows_every_command(path: Path) -> None:
    assert {line.split()[1] for line in commands(path)} == set(COMMANDS)


@pytest.mark.parametrize("path", READMES, ids=named)
def test_figures_stand_between_their_marks(path: Path) -> None:
    text = path.read_text("utf-8")
    begin, end = text.index("<!-- figures:begin -->"), text.index("<!-- figures:end -->")
    assert text.count("<!-- figures:begin -->") == text.count("<!-- figures:end -->") == 1
    assert text[begin:end].count("\n") >= 2
    # A figure outside the marks would not be renewed when it is measured again.
    outside = text[:begin] + text[end:]
    assert not re.search(r"\d+(\.\d+)?\s*[%％]|F1|ROUGE", outside)


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_each_readme_leads_to_the_other(name: str) -> None:
    other = {"README.md": "README.zh.md", "README.zh.md": "README.md"}[name]
    assert f"]({other})" in (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_make_targets_shown_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for target in re.findall(r"`make ([a-z]+)`|^make ([a-z]+)", path.read_text("utf-8"), re.M):
        assert "".join(target) in targets


def test_architecture_places_every_module_of_the_package() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    table = text[text.index("## Layers") : text.index("## From a summary")]
    for path in (ROOT / "briefing").iterdir():
        if path.suffix == ".py" and not path.stem.startswith("__"):
            assert f"`{path.stem}`" in table, path.name
        elif path.is_dir() and any(path.glob("*.py")):
            assert f"`{path.name}/`" in table, path.name


def test_every_decision_is_listed_and_short() -> None:
    folder = ROOT / "docs/decisions"
    listed = (folder / "README.md").read_text("utf-8")
    for path in folder.glob("0*.md"):
        assert f"({path.name})" in listed
        assert path.read_text("utf-8").startswith(f"# {int(path.name[:4])}. ")
        assert len(path.read_text("utf-8").splitlines()) <= 50


def test_glossary_has_a_place_for_each_term_that_exists() -> None:
    rows = re.findall(
        r"^\| (.+?) \| .+? \| .+? \| (.+?) \|$", (ROOT / "docs/glossary.md").read_text("utf-8"), re.M
    )
    terms = [(term, place) for term, place in rows if term not in ("term", "---")]
    assert len(terms) > 40
    for term, place in terms:
        for name in re.findall(r"`([^`]+)`", place):
            assert exists_in_code(name), f"{term}: {name}"


def exists_in_code(name: str) -> bool:
    """`stage`, `module.Name`, or `Record.field` of records."""
    if name.startswith("DropReason."):
        return name.removeprefix("DropReason.") in DropReason.__members__
    head, _, rest = name.partition(".")
    package = ROOT / "briefing"
    if head[0].isupper():
        records = (package / "records.py").read_text("utf-8")
        body = re.search(rf"^class {head}\b.*?(?=^class |\Z)", records, re.S | re.M)
        return body is not None and bool(re.search(rf"^    (def )?{rest}\b", body[0], re.M))
    sources = (
        [package / f"{head}.py"] if (package / f"{head}.py").exists() else sorted((package / head).glob("*.py"))
    )
    part = rest.split(".")[0]
    return bool(sources) and (
        not part or any(s.stem == part or re.search(rf"\b{part}\b", s.read_text("utf-8")) for s in sources)
    )


def test_every_model_folder_is_in_the_table() -> None:
    text = (ROOT / "models/README.md").read_text("utf-8")
    for path in (ROOT / "models").iterdir():
        if path.is_dir() and path.name != "training" and any(path.iterdir()):
            assert f"| [`{path.name}/`]({path.name}/README.md) |" in text, path.name
            card = (path / "README.md").read_text("utf-8")
            for part in ("Does.", "Is.", "Limits.", "Measured by", "Rebuilt by"):
                assert f"**{part}**" in card, f"{path.name}: {part}"
            for file in path.iterdir():
                assert file.name == "README.md" or named_in(file.name, card), file
    for script in re.findall(r"`(training/[a-z_]+\.py)`", text):
        assert (ROOT / "models" / script).exists(), script


def test_models_stay_small() -> None:
    sizes = [p.stat().st_size for p in (ROOT / "models").rglob("*") if p.is_file()]
    assert max(sizes) <= 15 << 20
    assert sum(sizes) <= 60 << 20


def named_in(file_name: str, card: str) -> bool:
    """Is a file in a model's card, by its name or by a pattern such as `labels_*.npz`?"""
    return any(fnmatch(file_name, pattern) for pattern in re.findall(r"`([^`\s]+)`", card))


def test_no_page_names_a_place_of_the_machine_it_was_written_on() -> None:
    for path in PAGES:
        assert not re.search(r"(?<![\w.])/(work|tmp|home|root|Users)/", path.read_text("utf-8")), named(path)


def test_changelog_begins_with_what_is_unreleased() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## \[(.+?)\]", text, re.M)[0] == "Unreleased"


def test_readme_is_the_packages_description() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["readme"] == "README.md"
