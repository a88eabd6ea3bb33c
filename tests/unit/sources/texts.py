"""Articles for the made sites. Places, people and figures are invented."""

from __future__ import annotations

BRIDGE = (
    "本报讯（记者 林越）11月22日，安澜市交通运输局通报，跨江二桥主桥合龙，全长1860米，总投资12.4亿元，"
    "计划2027年6月建成通车。该局局长何岩表示，引桥和附属工程仍在施工，通车前还须通过荷载试验和交工验收。"
)
CLINIC = (
    "11月21日，岳东省卫生健康委员会印发通知，自2027年1月1日起，全省1320家乡镇卫生院统一延长夜间门诊至20时，"
    "所需经费由省财政补助六成。通知要求，各县（市、区）于12月15日前报送排班方案，偏远乡镇可分批实施。"
)
GRAIN = (
    "记者从安澜市农业农村局获悉，今年全市秋粮收获面积218.6万亩，机收率达96.3%，比上年提高1.2个百分点。"
    "该局提醒，未来三天有中到大雨，尚未收获的4.1万亩晚稻应抢晴收割，并做好烘干仓储的准备。"
)


def page(title: str, *paragraphs: str, day: str = "", outlet: str = "") -> str:
    """An article's web page with the usual frame around it."""
    metas = f'<meta name="PubDate" content="{day}">' if day else ""
    metas += f'<meta name="ContentSource" content="{outlet}">' if outlet else ""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f'<html><head><meta charset="utf-8"><title>{title}_安澜网</title>{metas}</head><body>'
        '<nav><a href="/">首页</a><a href="/zw/">政务</a><a href="/ms/">民生</a></nav>'
        f'<h1>{title}</h1><div class="text">{body}</div><footer>版权所有 安澜网</footer></body></html>'
    )


def solid(text: str) -> str:
    return "".join(text.split())
