"""An issue in the words that every format prints, for channels that lay it out themselves."""

from __future__ import annotations

from briefing.deliver.contract import IssueText, ItemText, SectionText
from briefing.records import Briefing
from briefing.render.contract import RenderOptions
from briefing.render.view import BriefingView, ItemView, view_of


def issue_text(briefing: Briefing, options: RenderOptions) -> IssueText:
    """`briefing` as `options` and its layout have it printed. Raises RenderError for what cannot be."""
    view = view_of(briefing, options)
    return IssueText(
        title=view.title,
        issue=view.issue,
        office=view.office,
        date=view.date,
        remarks=_remarks(view),
        sections=tuple(
            SectionText(s.heading, tuple(_item(item, clean=view.clean) for item in s.items))
            for s in view.sections
        ),
    )


def _remarks(view: BriefingView) -> tuple[str, ...]:
    if not view.notice.headline:
        return ()
    skips = (f"{s.source}（{s.stage}）：{s.message}" for s in view.notice.skips)
    return (view.notice.headline, *skips)


def _item(item: ItemView, *, clean: bool) -> ItemText:
    sentences = (s.text + ("" if clean else s.mark) for s in item.sentences)
    return ItemText(
        number=item.number,
        ordinal=item.ordinal,
        headline=item.headline.text,
        text=item.insufficient + "".join(sentences),
        source=item.source_line,
    )
