"""Word: the official page as a document that an office can go on editing, in Word, WPS or LibreOffice."""

from __future__ import annotations

from briefing.errors import ResourceError
from briefing.records import Briefing
from briefing.render.contract import Renderer, RenderOptions
from briefing.render.view import view_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _render(briefing: Briefing, options: RenderOptions) -> bytes:
    _need_python_docx()
    from briefing.render import docx_package
    from briefing.render.docx_body import build_body

    view = view_of(briefing, options)
    document = docx_package.new_document()
    body = document.element.body
    section = body[-1]
    for block in build_body(view, document):
        section.addprevious(block)
    docx_package.set_properties(document, view.title, briefing.office.strip(), briefing.date)
    return docx_package.save(document)


def _need_python_docx() -> None:
    try:
        import docx  # noqa: F401
    except ModuleNotFoundError as err:
        raise ResourceError(
            "输出 Word 需要另装组件：pip install 'briefing[docx]'；briefing doctor 可查看缺什么",
            "Word output needs an extra: pip install 'briefing[docx]'; briefing doctor says what is missing",
            source="docx",
        ) from err


RENDERER = Renderer(MEDIA_TYPE, "briefing.docx", _render)
