"""Made articles for long runs: no two of one place and figures, matters and sentences drawn from lists. Invented."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

FIRST = "青白临东南西长安平古松柳梧桐兰荷石沙云霞清沧定宁永昌隆泰瑞康和怀通远"
SECOND = "禾河阁浦坪岭丘湖渡溪泉塘湾洲峡原垣陵郡桥关屯堡坡洼崖涧沟坝源岗寨"
RANKS = ("县", "市", "区")
OFFICES = (
    "交通运输局", "住房和城乡建设局", "农业农村局", "人力资源和社会保障局", "卫生健康委", "教育局", "水利局", "发展改革委",
    "生态环境局", "文化和旅游局", "应急管理局", "民政局", "市场监管局", "商务局", "科技局", "林业和草原局",
)  # fmt: skip
# Headline and opening sentence of a matter; {o} office, {n} {m} {k} figures.
MATTERS = (
    ("新建农村公路{n}公里", "今年新建改建农村公路{n}公里，总投资{m}亿元，惠及{k}个乡镇"),
    ("改造老旧小区{n}个", "计划改造老旧小区{n}个，投资{m}亿元，涉及居民{k}万户"),
    ("建成高标准农田{n}万亩", "已建成高标准农田{n}万亩，总投资{m}亿元，配套机井{k}百眼"),
    ("举办招聘活动{n}场", "春季以来举办招聘活动{n}场，提供岗位{m}万个，达成意向{k}千人"),
    ("为{n}万名老人免费体检", "为{n}万名老年人免费体检，投入资金{m}亿元，设体检点{k}处"),
    ("新增幼儿园学位{n}个", "新增公办幼儿园学位{n}个，投入{m}亿元，新建改建幼儿园{k}所"),
    ("除险加固水库{n}座", "完成病险水库除险加固{n}座，投资{m}亿元，保护耕地{k}万亩"),
    ("引进项目{n}个", "引进亿元以上项目{n}个，协议投资{m}亿元，其中制造业项目{k}个"),
    ("关停排污企业{n}家", "依法关停排污企业{n}家，追缴赔偿{m}亿元，整改问题{k}件"),
    ("接待游客{n}万人次", "假期接待游客{n}万人次，旅游收入{m}亿元，比上年增长{k}%"),
    ("排查安全隐患{n}处", "排查安全隐患{n}处，整改资金{m}亿元，停产整顿企业{k}家"),
    ("发放救助金惠及{n}户", "向{n}户困难家庭发放救助金{m}亿元，新建服务站{k}个"),
    ("抽检食品{n}批次", "抽检食品{n}批次，涉案金额{m}亿元，立案{k}起"),
    ("外贸进出口增长{k}%", "外贸进出口{m}亿元，增长{k}%，新增外贸企业{n}家"),
    ("新认定高新技术企业{n}家", "新认定高新技术企业{n}家，研发投入{m}亿元，转化成果{k}项"),
    ("造林{n}万亩", "完成造林{n}万亩，投资{m}亿元，治理沙化土地{k}千亩"),
)
DETAILS = (
    "项目分三批实施，首批标段已经开工，其余标段的招标文件正在编制。",
    "资金由省级补助和本级财政共同承担，实行专账管理，接受审计监督。",
    "负责人说，验收不合格的不予拨付尾款，出现质量问题的终身追责。",
    "各乡镇设立公示栏，群众对进度和质量有意见的，可以拨打监督电话。",
    "有关部门建立了周调度、月通报制度，对进度慢的单位进行约谈。",
    "居民王女士说，以前下雨天出门要绕很远，现在方便多了。",
    "专家认为，这类工程重在管护，应当把经费列入年度预算。",
    "下一步将扩大试点范围，年底前形成可以推广的办法。",
    "当地还把这项工作列入民生实事，每季度向社会公布一次进展。",
    "企业普遍反映，办理时间比过去缩短了一半，材料减少了三分之一。",
    "考虑到山区施工期短，部分工程顺延到明年汛期之前完成。",
    "有代表建议加强技术培训，提高从业人员的待遇。",
    "目前正在征求意见的实施细则，对补助标准和申报程序作了规定。",
    "统计显示，受益人口中农村居民占六成以上。",
    "与往年相比，今年的做法更重视事前评估和事后核查。",
    "监测数据每天上传到统一平台，异常情况自动提醒值班人员。",
    "财政部门表示，资金拨付到位后将开展绩效评价，结果与下年度安排挂钩。",
    "不少农户在家门口找到了活干，农闲时每天有一百多元收入。",
    "检查组随机抽取了若干处现场，核对台账、合同和付款凭证。",
    "志愿者队伍负责政策宣讲，把问答印成小册子送到每家每户。",
)
MIN_CHARS = 330


def made_articles(day: date, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Title and text, without end: 33 × 31 × 3 places, 16 matters, figures and sentences at random."""
    dice = random.Random(seed)
    while True:
        place = dice.choice(FIRST) + dice.choice(SECOND) + dice.choice(RANKS)
        title, opening = dice.choice(MATTERS)
        values = {
            "n": dice.randint(11, 999),
            "m": f"{dice.randint(1, 90)}.{dice.randint(1, 9)}",
            "k": dice.randint(3, 98),
        }
        office = dice.choice(OFFICES)
        sentences = [f"{place}{office}{day.month}月{day.day}日公布，{opening.format(**values)}。"]
        for detail in dice.sample(DETAILS, len(DETAILS)):
            sentences.append(detail)
            if sum(map(len, sentences)) > MIN_CHARS + dice.randint(0, 200):
                break
        yield (
            place + title.format(**values),
            "\n".join("".join(sentences[i : i + 3]) for i in range(0, len(sentences), 3)),
        )
