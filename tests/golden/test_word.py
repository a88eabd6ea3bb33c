"""Pictures of the Word form of each ready layout, laid out by LibreOffice. `make golden` rewrites.

Like tests/golden/test_layouts.py: only with what the pictures were made with (layouts/word.txt).
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pypdfium2
import pytest
from PIL import Image

from briefing.render import render_briefing
from briefing.render.layouts import shipped_layouts
from tests.word_processor import MISSING, to_pdf, version

FOLDER = Path(__file__).parent / "layouts"
pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
NAMES = list(shipped_layouts())


def _of_the_pdf() -> ModuleType:
    """The sister test, for its briefing and its measure: tests are no package that could be imported."""
    spec = importlib.util.spec_from_file_location("layouts_of_pdf", Path(__file__).with_name("test_layouts.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PDF = _of_the_pdf()


def _made_with() -> str:
    return f"{version()}\n{PDF.fonts_here()}"


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Image.Image]:
    """The first page and the last of every layout."""
    folder = tmp_path_factory.mktemp("word")
    files = []
    for name in NAMES:
        files.append(folder / f"{name}.docx")
        files[-1].write_bytes(render_briefing(PDF.office_briefing(name), "docx").body)
    found = {}
    for name, path in zip(NAMES, to_pdf(files, folder), strict=True):
        document = pypdfium2.PdfDocument(path)
        for which, page in (("first", 0), ("last", len(document) - 1)):
            found[f"word-{name}-{which}.png"] = document[page].render(scale=PDF.SCALE).to_pil().convert("L")
        document.close()
    return found


@pytest.mark.parametrize("name", [pytest.param(n, id=n) for n in NAMES])
def test_the_word_form_looks_as_before(
    name: str, pictures: dict[str, Image.Image], request: pytest.FixtureRequest
) -> None:
    own = {file: picture for file, picture in pictures.items() if file.startswith(f"word-{name}-")}
    assert len(own) == 2
    if request.config.getoption("golden_update", default=False):
        for file, picture in own.items():
            picture.quantize(16).save(FOLDER / file, optimize=True)
        (FOLDER / "word.txt").write_text(_made_with(), "utf-8")
    made_with = (FOLDER / "word.txt").read_text("utf-8")
    if _made_with() != made_with:
        pytest.skip(f"another LibreOffice or other fonts than the pictures were made with: {made_with}")
    for file, picture in own.items():
        PDF.check_looks(picture, file)
