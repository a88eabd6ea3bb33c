"""Invented articles, and sentences about them that are right or wrong in the ways neural summarisers are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from briefing.records import Article
from briefing.text.sentences import split_sentences

INDUSTRY = (
    "青泽市前三季度工业经济稳中有进",
    "本报讯（记者 陆远帆）10月21日，青泽市统计局发布前三季度工业运行情况。今年1—9月，全市规模以上工业实现产值54.5亿元、"
    "营业收入48.9亿元、"
    "利润12亿元，分别增长23.7%、19.5%、7.1%。全市用电量同比下降3.2%，环比增长1.4%。\n"
    "青泽市统计局局长顾明川介绍，生物医药产业是全市着力打造的百亿级产业，现有规模以上企业8家，"
    "从业人员近3万人，研发投入超过3亿元。"
    "青泽市工业和信息化局副局长沈知微说，下一步，全市将推动28个技改项目开工，力争年底前完成投资15亿元。\n"
    "“我们不会降低环保门槛。”沈知微表示，对未通过环评的项目，一律不得开工建设。",
)
RAIL = (
    "临川至西岭城际铁路拟于明年开工",
    "新华社临川4月25日电（记者邵文博）记者24日从临川市交通运输局获悉，临川至西岭城际铁路项目已通过可行性研究，"
    "拟于2025年3月开工建设，"
    "线路全长126.8公里，设计时速200公里，总投资约178亿元，计划建设工期4年。\n"
    "临川市市长韩立群主持召开推进会。韩立群强调，要坚决守住安全底线，不得拖欠农民工工资。西岭县县长褚云帆表示，"
    "西岭县已完成沿线征地1200亩，"
    "涉及5个乡镇，尚未签约的86户将在6月底前完成签约。\n"
    "会议审议了《临川至西岭城际铁路征地拆迁补偿办法》。中铁青山集团有限公司中标先导段工程，中标价6.3亿元。",
)
POLICY = (
    "安禾省出台养老服务新政",
    "安禾省民政厅、省财政厅近日联合印发《安禾省基本养老服务实施方案（2024—2026年）》（安民发〔2024〕15号），"
    "自2024年7月1日起施行。\n"
    "方案提出，到2026年，全省每个县区至少建成1所失能老年人养护机构，护理型床位占比提高到65%。"
    "对经济困难的失能老年人，每人每月补贴标准由200元提高到260元。"
    "全省80岁以上老年人可免费乘坐公交车，65岁以上老年人享受半价优惠。\n"
    "省民政厅厅长方启正说，全省现有养老机构1532家、床位21.6万张，暂停执行床位空置费征收政策。"
    "省财政厅将安排专项资金4.2亿元。"
    "专家认为，这一政策有望缓解“一床难求”的问题。",
)
RESCUE = (
    "岚山县山洪救援取得进展",
    "7月9日，岚山县遭遇强降雨，引发山洪。截至10日18时，已造成3人死亡、2人失联，紧急转移群众4600余人。\n"
    "昨晚（7月9日）22时30分，省应急管理厅启动防汛三级应急响应，并派出120名救援人员。岚山县委书记秦望舒率工作组赶到现场，"
    "县长罗启安留守指挥部。"
    "秦望舒要求，全力搜救失联人员，严防次生灾害。\n"
    "岚山县人民医院收治伤员17名，其中5名重伤员已转至省人民医院。县教育局宣布，全县中小学7月11日至12日停课。县水利局表示，石门水库没有出现险情。",
)
RULES = (
    "云台市发布户外广告管理新规",
    "云台市政府近日发布《云台市户外广告设施管理规定》，自2026年3月1日起，主城区户外广告实行总量控制。"
    "除公益广告外，所有楼顶广告设施一律拆除。逾期未拆除的，依法从重处罚。如遇七级以上大风，设置人应当停止高空作业。\n"
    "到2027年，主城区临街招牌达标率达到90%。市城管局计划年内新建公益广告栏200处，改造老旧招牌1500块，"
    "已完成招牌安全检测3200块。任何单位不得遮挡、拆改或者占用消防通道，广告设施保护期内的历史建筑除外。\n"
    "目前42条主要街道中，39条的广告设施已完成整治，其余3条计划明年3月底前全部整治完毕。"
    "部分商户可能获得不超过5万元的改造补助。市城管局执法支队副支队长田沐阳说，据测算，今年设施总量可能比去年减少两成。\n"
    "东城区、西城区、北城区整治完成率分别为98%、95%和91%，审批时限由原来的15个工作日缩短到7个工作日，比原计划提前2个月实现目标。"
    "检查组发现隐患86处，立即整改60处，限期整改26处，4家企业被停业整顿。设施日常巡查实行每周自查、每月抽查。执法要求不漏一处、不留死角，公益广告栏力争到2028年实现社区全覆盖。",
)
SOURCES = {"rules": RULES, "industry": INDUSTRY, "rail": RAIL, "policy": POLICY, "rescue": RESCUE}
PUBLISHED = {
    "rules": date(2025, 12, 20), "industry": date(2024, 10, 22), "rail": date(2024, 4, 26), "policy": date(2024, 6, 20), "rescue": date(2024, 7, 10),
}  # fmt: skip


def article(name: str) -> Article:
    title, text = SOURCES[name]
    return Article(name, "test", title, text, split_sentences(text), (), published_on=PUBLISHED[name])


@dataclass(frozen=True)
class Case:
    """`check`: the check that must bring an ERROR; `words`: what it must point at (any part of it)."""

    id: str
    source: str
    text: str
    check: str
    words: str


WRONG = [
    # numbers: changed, shifted in scale, moved to another noun or subject, other approximation
    Case("digit", "industry", "青泽市规模以上工业实现产值54.6亿元。", "numbers", "54.6亿元"),
    Case("scale", "industry", "青泽市规模以上工业实现产值54.5万元。", "numbers", "54.5万元"),
    Case(
        "profit-and-output-exchanged",
        "industry",
        "全市规模以上工业实现产值12亿元、利润54.5亿元。",
        "numbers",
        "12亿元",
    ),
    Case("revenue-as-profit", "industry", "全市规模以上工业实现利润48.9亿元。", "numbers", "48.9亿元"),
    Case("near-to-over", "industry", "生物医药产业从业人员超3万人。", "numbers", "超3万人"),
    Case("over-to-near", "industry", "生物医药产业研发投入近3亿元。", "numbers", "近3亿元"),
    Case("percent-to-points", "industry", "全市用电量同比下降3.2个百分点。", "numbers", "3.2个百分点"),
    Case("rounded-without-about", "rail", "线路全长127公里。", "numbers", "127公里"),
    Case(
        "investment-as-bid", "rail", "中铁青山集团有限公司中标先导段工程，中标价178亿元。", "numbers", "178亿元"
    ),
    Case("length-as-speed", "rail", "线路全长200公里，设计时速126.8公里。", "numbers", "200公里"),
    Case("unit-of-area", "rail", "西岭县已完成沿线征地1200公顷。", "numbers", "1200公顷"),
    Case("subsidy-old-as-new", "policy", "每人每月补贴标准由260元提高到200元。", "numbers", "260元"),
    Case("institutions-and-beds", "policy", "全省现有养老机构1523家。", "numbers", "1523家"),
    Case("dead-and-missing-exchanged", "rescue", "山洪已造成2人死亡、3人失联。", "numbers", "2人"),
    Case("invented-count", "rescue", "岚山县人民医院收治伤员27名。", "numbers", "27名"),
    # dates
    Case("day-shifted", "industry", "10月22日至23日，青泽市统计局发布前三季度工业运行情况。", "dates", "23日"),
    Case("month-shifted", "rail", "城际铁路拟于2025年5月开工建设。", "dates", "2025年5月"),
    Case("year-shifted", "policy", "方案自2023年7月1日起施行。", "dates", "2023年7月1日"),
    Case("dates-fused", "rescue", "全县中小学7月11日至14日停课。", "dates", "14日"),
    Case("clock-changed", "rescue", "7月9日20时30分，省应急管理厅启动防汛三级应急响应。", "dates", "20时30分"),
    # names
    Case(
        "name-invented",
        "industry",
        "青泽市统计局局长王建国介绍，生物医药产业是全市着力打造的百亿级产业。",
        "names",
        "王建国",
    ),
    Case("name-of-the-other", "rail", "临川市市长褚云帆主持召开推进会。", "names", "褚云帆"),
    Case("name-misspelt", "rescue", "岚山县委书记秦望书率工作组赶到现场。", "names", "秦望书"),
    Case("names-exchanged", "rescue", "岚山县委书记罗启安率工作组赶到现场。", "names", "罗启安"),
    # organisations and places
    Case(
        "teller-exchanged",
        "rescue",
        "省应急管理厅统计，中小学7月11日至12日停课。",
        "organisations",
        "省应急管理厅",
    ),
    Case("ministry-invented", "policy", "安禾省民政厅、教育部近日联合印发方案。", "organisations", "教育部"),
    Case(
        "office-exchanged", "rescue", "县水利局宣布，全县中小学7月11日至12日停课。", "organisations", "县水利局"
    ),
    Case(
        "place-invented",
        "policy",
        "山东省民政厅近日联合印发《安禾省基本养老服务实施方案（2024—2026年）》。",
        "organisations",
        "山东",
    ),
    # documents
    Case(
        "title-changed",
        "policy",
        "安禾省印发《安禾省基本养老服务管理办法》。",
        "documents",
        "《安禾省基本养老服务管理办法》",
    ),
    Case(
        "title-cut",
        "rail",
        "会议审议了《临川至西岭城际铁路补偿办法》。",
        "documents",
        "《临川至西岭城际铁路补偿办法》",
    ),
    Case("number-of-document", "policy", "方案以安民发〔2024〕51号文印发。", "documents", "安民发〔2024〕51号"),
    # status
    Case("planned-as-done", "rail", "临川至西岭城际铁路已于2025年3月开工建设。", "status", "已"),
    Case("done-as-planned", "rail", "临川至西岭城际铁路项目拟通过可行性研究。", "status", "拟"),
    Case("planned-dropped", "rail", "项目通过可行性研究，于2025年3月开工建设。", "status", "于"),
    Case("will-as-done", "industry", "全市已推动28个技改项目开工。", "status", "已"),
    Case("will-dropped", "policy", "省财政厅安排专项资金4.2亿元。", "status", "安排"),
    Case("transfer-as-planned", "rescue", "其中5名重伤员将转至省人民医院。", "status", "将"),
    Case("hope-dropped", "policy", "专家认为，这一政策缓解“一床难求”的问题。", "status", "缓解"),
    # negation
    Case("not-dropped", "industry", "我们会降低环保门槛。", "negation", "会"),
    Case("must-not-dropped", "rail", "要坚决守住安全底线，拖欠农民工工资。", "negation", "拖欠"),
    Case("none-dropped", "rescue", "石门水库出现险情。", "negation", "出现"),
    Case("not-yet-dropped", "rail", "签约的86户将在6月底前完成签约。", "negation", "签约"),
    Case("not-inserted", "rescue", "岚山县未遭遇强降雨。", "negation", "未"),
    Case("suspension-dropped", "policy", "全省执行床位空置费征收政策。", "negation", "执行"),
    Case("exception-dropped", "industry", "对通过环评的项目，一律不得开工建设。", "negation", "通过"),
    # omission: what bound the statement was left behind
    Case("exemption", "rules", "主城区所有楼顶广告设施一律拆除。", "omission", "拆除"),
    Case("exemption-behind", "rules", "任何单位不得遮挡、拆改或者占用消防通道。", "omission", "消防通道"),
    Case(
        "condition-of-a-penalty", "rules", "云台市规定，楼顶广告设施依法从重处罚。", "omission", "依法从重处罚"
    ),
    Case("condition-of-an-order", "rules", "设置人应当停止高空作业。", "omission", "停止高空作业"),
    Case("target-as-fact", "rules", "主城区临街招牌达标率达到90%。", "omission", "达标率达到90%"),
    Case("plan-joined-to-the-next-verb", "rules", "市城管局改造老旧招牌1500块。", "omission", "改造老旧招牌"),
    Case("plan-far-before-its-verb", "rules", "其余3条全部整治完毕。", "omission", "全部整治完毕"),
    Case("ban-of-a-list", "rules", "任何单位可以占用消防通道。", "omission", "占用"),
    # mapping
    Case("from-and-to", "rules", "审批时限由7个工作日缩短到15个工作日。", "mapping", "由7个工作日"),
    Case("member-of-a-list", "rules", "西城区整治完成率为98%。", "mapping", "98%"),
    Case("order-of-a-list", "rules", "东城区、北城区整治完成率分别为91%和98%。", "mapping", "91%"),
    Case("growth-of-another", "industry", "全市规模以上工业利润12亿元，增长23.7%。", "mapping", "23.7%"),
    Case("words-changed-places", "rules", "设施日常巡查实行每月自查、每周抽查。", "mapping", "每月自查、每周"),
    # scope
    Case("all-added", "rules", "42条主要街道的广告设施已全部完成整治。", "scope", "全部"),
    Case("part-dropped", "rules", "商户可能获得不超过5万元的改造补助。", "scope", "商户"),
    Case("may-dropped", "rules", "据了解，今年设施总量比去年减少两成。", "scope", "比去"),
    Case("may-as-will", "rules", "今年设施总量将比去年减少两成。", "scope", "将"),
    # headline without its plan: test_fallback.py; plans and negations between other clauses
    Case("hope-dropped-before-a-date", "rules", "到2028年，公益广告栏实现社区全覆盖。", "status", "到2028年"),
    Case("negation-of-one-member", "rules", "执法要求不漏一处、留死角。", "negation", "留"),
    # contrasts
    Case("direction-of-another-figure", "industry", "全市用电量同比增长3.2%。", "numbers", "3.2%"),
    Case("direction", "industry", "全市规模以上工业产值、营业收入分别下降23.7%、19.5%。", "contrasts", "下降"),
    Case("comparison", "industry", "全市用电量环比下降3.2%。", "contrasts", "环比"),
    Case("by-and-to", "policy", "护理型床位占比提高了65%。", "contrasts", "提高了"),
    Case("above-and-below", "policy", "全省80岁以下老年人可免费乘坐公交车。", "contrasts", "以下"),
    Case("scope", "industry", "生物医药产业是全省着力打造的百亿级产业。", "contrasts", "全省"),
    Case("bid-won-and-failed", "rail", "中铁青山集团有限公司流标先导段工程。", "contrasts", "流标"),
    Case(
        "rank",
        "industry",
        "青泽市工业和信息化局局长沈知微说，下一步推动28个技改项目开工。",
        "contrasts",
        "局长",
    ),
    # quotations
    Case("quote-changed", "industry", "沈知微表示：“我们不会放宽环保门槛。”", "quotations", "放宽"),
    Case("quote-shortened", "policy", "专家认为，这一政策有望缓解“床位难求”的问题。", "quotations", "床位难求"),
    # attribution
    Case(
        "speaker-exchanged",
        "industry",
        "顾明川表示，对未通过环评的项目，一律不得开工建设。",
        "attribution",
        "顾明川",
    ),
    Case("speaker-of-the-county", "rail", "韩立群表示，西岭县已完成沿线征地1200亩。", "attribution", "韩立群"),
    # wording
    Case("one-character", "rail", "尚未签约的86户将在6月底前完成签收。", "wording", "收"),
    Case("company-misspelt", "rail", "中铁青川集团有限公司中标先导段工程。", "wording", "川"),
    # overlap
    Case(
        "another-article",
        "rail",
        "全省秋粮收获已近尾声，机收率稳步提升，农户抢抓晴好天气晾晒归仓。",
        "overlap",
        "秋粮",
    ),
    # integrity
    Case("no-stop", "rescue", "石门水库没有出现险情", "integrity", "情"),
    Case("half-quotation", "policy", "专家认为，这一政策有望缓解“一床难求的问题。", "integrity", "“"),
    Case("half-title", "rail", "会议审议了《临川至西岭城际铁路征地拆迁补偿办法。", "integrity", "《"),
]

RIGHT = [
    (
        "industry",
        "verbatim",
        "今年1—9月，全市规模以上工业实现产值54.5亿元、营业收入48.9亿元、利润12亿元，分别增长23.7%、19.5%、7.1%。",
    ),
    ("rules", "exemption-kept", "除公益广告外，所有楼顶广告设施一律拆除。"),
    ("rules", "condition-kept", "楼顶广告设施逾期未拆除的，依法从重处罚。"),
    ("rules", "part-and-may-kept", "部分商户可能获得不超过5万元的改造补助。"),
    ("rules", "member-kept", "西城区整治完成率为95%。"),
    ("rules", "order-kept", "东城区、北城区整治完成率分别为98%和91%。"),
    ("rules", "from-to-kept", "审批时限由15个工作日缩短到7个工作日。"),
    ("rules", "limit-kept", "到2027年，主城区临街招牌达标率达到90%。"),
    ("rules", "plan-kept", "市城管局计划年内改造老旧招牌1500块。"),
    ("rules", "done-after-a-plan", "市城管局已完成招牌安全检测3200块。"),
    ("rules", "ban-kept", "任何单位不得占用消防通道，广告设施保护期内的历史建筑除外。"),
    ("rules", "reached-part", "42条主要街道中，39条的广告设施已完成整治。"),
    ("industry", "one-of-a-list", "今年1—9月，全市规模以上工业实现产值54.5亿元，增长23.7%。"),
    ("industry", "last-of-a-list", "全市规模以上工业实现利润12亿元，增长7.1%。"),
    ("industry", "chinese-numeral", "全市现有规模以上生物医药企业八家。"),
    ("industry", "half-width", "青泽市规模以上工业产值５４.5亿元。"),
    ("industry", "plan-kept", "下一步，全市将推动28个技改项目开工，力争年底前完成投资15亿元。"),
    ("industry", "speaker-kept", "沈知微表示，对未通过环评的项目，一律不得开工建设。"),
    ("industry", "absolute-date", "2024年10月21日，青泽市统计局发布前三季度工业运行情况。"),
    ("rail", "status-kept", "临川至西岭城际铁路项目已通过可行性研究，拟于2025年3月开工建设，总投资约178亿元。"),
    ("rail", "month-from-dateline", "4月24日获悉，临川至西岭城际铁路项目已通过可行性研究。"),
    ("rail", "subject-fused", "西岭县已完成沿线征地1200亩，尚未签约的86户将在6月底前完成签约。"),
    ("rail", "bid", "中铁青山集团有限公司中标先导段工程，中标价6.3亿元。"),
    ("policy", "title-without-bracket", "安禾省民政厅、省财政厅联合印发《安禾省基本养老服务实施方案》。"),
    (
        "policy",
        "document-number",
        "安禾省民政厅、省财政厅近日印发安民发〔2024〕15号文件，自2024年7月1日起施行。",
    ),
    ("policy", "to-kept", "到2026年，护理型床位占比提高到65%。"),
    ("policy", "clause-left-out", "对经济困难的失能老年人，补贴标准由200元提高到260元。"),
    (
        "rescue",
        "relative-date-made-absolute",
        "7月9日22时30分，省应急管理厅启动防汛三级应急响应，派出120名救援人员。",
    ),
    ("rescue", "remainder-kept", "截至10日18时，已造成3人死亡、2人失联，紧急转移群众4600余人。"),
    ("rescue", "counter-exchanged", "省应急管理厅派出120人救援。"),
    ("rescue", "negation-kept", "县水利局表示，石门水库没有出现险情。"),
]
