"""Finds persons and organisations in Chinese text by surnames, titles, reporting verbs and suffixes.

Precision before recall: a name without any cue beside it is found only where `known` lists it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from briefing.records import Span

# The surnames of about 99 % of registered citizens, and the compound ones in use.
SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤"
    "滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭"
    "梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫房裘缪干解宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊甄家封芮储靳糜松井段富巫乌焦"
    "巴弓牧隗谷车侯宓蓬郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥苍双闻莘党翟谭贡劳逄"
    "姬申扶堵冉宰郦雍却璩桑桂濮牛寿边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨衡耿弘匡文寇禄阙东欧殳沃蔚夔隆巩"
    "厍聂晁勾敖融冷訾辛阚那简饶曾毋沙乜鞠丰巢关蒯荆游竺权逯盖益桓仉督岳帅缑亢况郈琴归晋楚闫汝鄢涂钦商牟佘佴伯赏墨哈谯笪爱阳佟肖代付覃税揭"
)
_COMPOUND = "欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|端木|夏侯|澹台|宇文|长孙|轩辕"
TITLES = (
    "总书记|副总理|总理|副主席|主席|副委员长|委员长|副部长|部长|副省长|省长|副市长|市长|副区长|"
    "区长|副县长|县长|副镇长|镇长|副乡长|乡长|"
    "副局长|局长|副厅长|厅长|副处长|处长|副司长|司长|副主任|主任|副书记|书记|常委|委员|副院长|"
    "院长|副校长|校长|副所长|所长|副会长|会长|副秘书长|秘书长|"
    "理事长|副总裁|总裁|副董事长|董事长|副总经理|总经理|总监|经理|站长|场长|厂长|队长|团长|"
    "班长|组长|科长|股长|行长|院士|教授|副教授|研究员|专家|"
    "工程师|医生|护士|律师|法官|检察官|发言人|负责人|代表|大使|公使|总领事|记者|编辑|主编|"
    "导演|演员|教练|运动员|村民|居民|市民|农民|群众|游客|"
    "辅警|民警|交警|警察|同志|先生|女士|学生|教师|老师|司令员|政委|上将|中将|少将|首相|总统|"
    "外长|国务委员|特使|国王|贫困户|第一书记|职工|战士|干部|志愿者|党员|首席专家|统计师|经济师|"
    "经营者|创始人|厂长|班主任"
)
_VERBS = (
    "表示|指出|强调|介绍|说|认为|称|透露|告诉|坦言|提出|要求|希望|主持|出席|会见|参加|宣布|"
    "宣读|致辞|讲话|发言|率|陪同|回应|感慨|回忆|赴|到|在|与|向|和|对|为|自|"
    "先后|分别|今天|[0-9]|致|等|作|以|任|接受|分析|谈|等|获|荣|带|同|就|因|通|进|发表|发文|"
    "撰文|同志|仍|还|也|即|则|均|都|组织|负责|领|牵|担任|任|当选|被|将|已|曾|作|听取|调研|"
    "考察"
)
_SAID = "表示|指出|强调|介绍|认为|坦言|透露|告诉"
_GIVEN = "[\u4e00-\u9fff]"
_NAME = rf"(?:(?:{_COMPOUND}){_GIVEN}{{1,2}}|[{SURNAMES}]{_GIVEN}{{1,2}})"
_AFTER_TITLE = re.compile(
    rf"(?:{TITLES}|(?<=[（(])记者|通讯员)\s?({_NAME})(?={_VERBS}|[、，。；：（）()“”》\s]|{TITLES}|$)"
)
_BEFORE_CUE = re.compile(
    rf"(?:^|(?<=[，。；：、！？“”（）()\s]))({_NAME})(?=(?:表示|指出|强调|介绍|说|认为|坦言|"
    rf"透露|告诉|主持|会见|出席|致辞|率)|[，]?{TITLES})"
)
_LISTED = re.compile(rf"(?<=、)({_NAME})(?=[、，。；：（）]|等|出席|参加|陪同|分别)")
# A stretch that starts with a surname and is a word of the language, not a person.
_NOT_NAMES = re.compile(
    "^(?:有关|各|全|和|与|及|等|时|于|从|向|为|都|相关|包括|应|能|须|经|干部|党|农|国|公|法|"
    "代表|管理|负责|安全|方面|高|平|万|山|常|成|文|明|华|金|"
    "广|东|海|江|白|石|马上|双方|许多|任何|何时|单位|成员|元首|计划|关系|支持|路|越|连续|师生|"
    "房|车|通|居|包|游客|满|向|家|乐|易|古|养)"
    "(?:心|部|性|人|家|员|门|们|长|方|务|业|会|国|后|前|中|大|地|区|市|县|省|村|镇|乡|街|多|"
    "少|上|下|里|外|之|的|了|是|也|还|就|要|将|已|等|级|层|面|位|化|共|民|济|年|月|日|间|年|"
    "天)"
)  # fmt: skip
# Words whose first characters look like a surname and a given name.
_COMMON_LINES = (
    "时间 国家 有关 都是 应该 能够 经济 经过 公司 公共 公开 公安 安全 高度 高级",
    "平台 平安 成立 成果 成为 文化 文明 明确 明年 明天 金融 广大 广泛 东部 海外",
    "海关 江苏 江西 山东 山西 双方 许多 任务 任何 何时 单位 元首 计划 关系 关于",
    "支持 支部 路线 越来越 连续 师生 车辆 通过 居民 包括 游客 满意 家庭 家长 乐观",
    "易地 古代 养殖 养老 国务院 国防 国际 国内 全国 全市 全省 全面 全体 和平 向好",
    "边境 武汉 温州 温暖 白天 石油 马上 马来西亚 方面 方案 方式 华东 华北 安徽",
    "安排 常务 常态 常委 党员 党委 党组 党中央 农业 农村 农民 法律 法院 法国 法治",
    "代表 管理 负责 利用 利益 年度 年初 年底 爱国 爱心 益民 相关 相信 商务 商业",
    "权利 权益 空间 关注 关键 查处 须知 丰富 红色 红军 盖章 简单 冷链 融合 融资",
    "后续 居家 步伐 强调 强化 江泽 施工 施行 应急 应当 应对 应用 于是 和谐 万元",
    "万人 别人 房屋 房地产 解决 解放 干部 干警 经营 经费 宗旨 单独 程度 程序 荣获",
    "荣誉 封闭 储备 储蓄 松懈 井冈山 段时间 富裕 山区 谷物 车站 全球 班子 秋季",
    "宁夏 甘肃 武警 武装 景区 龙头 司法 印发 印度 白酒 怀疑 从严 从事 索马里 赖以",
    "双边 新闻 能源 能力 党建 贡献 劳动 申请 申报 扶贫 牛羊 通报 通知 边防 尚未",
    "温度 别墅 充分 充足 连接 连日 习近平总 容易 向社会 古巴 终于 终身 居住 步行",
    "都市 满足 国有 文件 文旅 广东 广西 广州 东北 东盟 欧洲 欧盟 沃土 越南 师范",
    "那里 简报 空气 空军 曾经 沙特 文章 通话 方消息 养生 关爱 相互 查看 后来 红旗",
    "游览 权威 公布 公告 公里 公民 海南 海军 海上 晋级 商品 年轻 年龄 爱好 阳光",
    "代码 付出 时代 时期 元旦 平均 平等 黄河 明显 计算 成功 成都 成员 成绩 季度",
    "季节 强大 路径 危险 江河 盛会 林业 高校 高速 高铁 高质 夏季 田间 万亩 支付",
    "支援 管控 经验 房价 应邀 宣传 宣布 单元 包容 石化 吉林 程式 荣幸 全程 全民",
    "全年 全力 伊朗 宁波 武术 龙舟 叶片 白色 从而 双语 党校 申办 农产品 温室 庄重",
    "易于 广播 东方 欧元 丰收 巢湖 相比 相继 后者 红利 有序 有效 有力 有望 有的",
    "有人 有些 归还 海域 海洋 法规 商会 年内 年来 年均 郑重 连夜 晋升",
)
_COMMON = frozenset(word for line in _COMMON_LINES for word in line.split())


@dataclass(frozen=True, slots=True)
class Mention:
    """A person or organisation as it is printed at `span`."""

    span: Span
    text: str


def find_people(text: str, known: Iterable[str] = ()) -> tuple[Mention, ...]:
    """Persons of `text` that a title, verb or list beside them gives away, and every one of `known`."""
    spans: dict[int, int] = {}
    for pattern in (_AFTER_TITLE, _BEFORE_CUE, _LISTED):
        for match in pattern.finditer(text):
            start, end = match.span(1)
            name = _shorten(text, start, end)
            if name and spans.get(start, end) >= end:
                spans[start] = start + len(name)
    found = {text[a:b] for a, b in spans.items()} | {k for k in known if len(k) >= 2}
    mentions = [Mention(Span(a, b), text[a:b]) for a, b in spans.items()]
    for name in found:
        at = text.find(name)
        while at >= 0:
            if at not in spans:
                mentions.append(Mention(Span(at, at + len(name)), name))
            at = text.find(name, at + 1)
    mentions.sort(key=lambda m: (m.span.start, -m.span.end))
    kept: list[Mention] = []
    for mention in mentions:
        if not kept or mention.span.start >= kept[-1].span.end:
            kept.append(mention)
    return tuple(kept)


def _shorten(text: str, start: int, end: int) -> str:
    """The name at `text[start:end]` without the verb's first character; "" when it is a common word."""
    name = text[start:end]
    if (
        len(name) == 3
        and re.match(f"(?:{_VERBS}|{TITLES})", text[start + 2 :])
        and not re.match(f"(?:{_VERBS}|{TITLES}|[、，。；：（）()“”])", text[end:])
    ):
        name = name[:2]
    if (
        name[:2] in _COMMON
        or name[:3] in _COMMON
        or _NOT_NAMES.match(name)
        or name[1:] == "方"
        or name[1:2] in "的了是和与及、"
    ):
        return ""
    if re.match(TITLES, name[1:]) or (len(name) == 2 and re.match(TITLES, text[start + 1 :])):
        return ""
    if name[-1] in "的了是和与及在等也都将已等说" and len(name) == 3 and not re.match(_SAID, text[end:]):
        name = name[:2]
    return name


SUFFIXES = (
    "人民政府|办公厅|办公室|委员会|常委会|管委会|发展改革委|发改委|卫生健康委|卫健委|国资委|"
    "总局|管理局|监管局|监督局|事务局|税务局|公安局|教育局|财政局|气象局|统计局|"
    "公安厅|检察院|法院|研究院|研究所|研究中心|(?<![为市])中心|科学院|医学院|学院|大学|医院|"
    "中学|小学|有限公司|公司|集团|银行|协会|学会|商会|联合会|基金会|合作社|交易所|出版社|联盟|"
    "总工会|工会"
)
_MINISTRIES = (
    "外交部|国防部|教育部|科技部|科学技术部|工业和信息化部|工信部|公安部|国家安全部|民政部|"
    "司法部|财政部|人力资源和社会保障部|人力资源社会保障部|人社部|自然资源部|生态环境部|环境保护部|"
    "环保部|"
    "住房和城乡建设部|住房城乡建设部|住建部|交通运输部|交通部|水利部|农业农村部|农业部|商务部|"
    "文化和旅游部|文化部|国土资源部|国家卫生健康委员会|国家卫生健康委|国家卫健委|国家发展和改革委员会|"
    "国家发展改革委|国家发改委|"
    "退役军人事务部|应急管理部|中国人民银行|央行|审计署|海关总署|国家税务总局|税务总局|市场监管总局|"
    "国家市场监督管理总局|体育总局|国家统计局|中国气象局|中央气象台|国务院办公厅|国务院国资委|"
    "国家能源局|国家林业和草原局|国家邮政局|中国民航局|国家铁路局|国家药监局|国家医保局|国家知识产权局|"
    "中国证监会|证监会|银保监会|中国银保监会|"
    "中央组织部|中组部|中央宣传部|中宣部|中央统战部|中央纪委国家监委|中央纪委|国家监委|最高人民法院|"
    "最高人民检察院|全国人大常委会|全国政协|国务院|中共中央|中央军委|共青团中央|全国妇联|中华全国总工会|"
    "联合国安理会|联合国|世界卫生组织|世卫组织|欧盟|北约|东盟|世界银行|国际货币基金组织|清华大学|"
    "北京大学|新华社|人民日报社|中国科学院|中国工程院|中科院"
)
# 局 and 厅 stand for an office only after its field (税务局): 结局, 客厅.
_OFFICE = (
    "(?:发展改革|教育|科技|工信|信息化|公安|民政|司法|财政|人社|社会保障|资源|环境|建设|住建|"
    "交通|运输|水利|农业农村|农业|商务|旅游|文旅|卫生|健康|应急|管理|审计|税务|监管|监督|统计|"
    "气象|"
    "邮政|林业|草原|粮食|储备|民航|铁路|海事|能源|药监|医保|产权|档案|信访|保障|事务|宣传|"
    "电力|供电|地震|文物|体育|广电|新闻|外汇|调查|缉私|边检)[局厅]"
)
_ORGANISATION = re.compile(
    rf"(?:{_MINISTRIES})|(?:[\u4e00-\u9fffA-Za-z]{{0,16}}?{_OFFICE}|[\u4e00-\u9fffA-Za-z]{{2,16}}?(?:{SUFFIXES}))(?![\u4e00-\u9fff]?(?:长|"
    rf"面|分|级|员工))"
)


def find_organisations(text: str) -> tuple[Mention, ...]:
    """Organisations of `text`: listed bodies of state, and what ends in an organisation's suffix.

    The beginning of an unlisted name is not certain (verbs and places stand before it without a mark).
    """
    return tuple(Mention(Span(*m.span()), m.group()) for m in _ORGANISATION.finditer(text))


_PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东"
    "|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾"
)
_CITIES = (
    "石家庄|唐山|保定|太原|大同|呼和浩特|包头|沈阳|大连|长春|哈尔滨|大庆|南京|苏州|无锡|常州|"
    "南通|徐州|扬州|杭州|宁波|温州|嘉兴|绍兴|金华|义乌|合肥|芜湖|福州|厦门|泉州|南昌|九江|"
    "赣州|"
    "济南|青岛|烟台|潍坊|淄博|临沂|聊城|德州|济宁|郑州|洛阳|开封|南阳|武汉|宜昌|襄阳|长沙|"
    "株洲|岳阳|广州|深圳|珠海|佛山|东莞|汕头|南宁|桂林|柳州|海口|三亚|成都|绵阳|贵阳|遵义|"
    "昆明|大理|"
    "拉萨|西安|咸阳|延安|兰州|西宁|银川|乌鲁木齐|雄安新区|浦东新区"
)
_COUNTRIES = (
    "美国|俄罗斯|日本|韩国|朝鲜|英国|法国|德国|意大利|西班牙|葡萄牙|荷兰|比利时|瑞士|瑞典|"
    "挪威|芬兰|丹麦|波兰|匈牙利|希腊|土耳其|乌克兰|白俄罗斯|塞尔维亚|印度尼西亚|印尼|印度|"
    "巴基斯坦|"
    "孟加拉国|尼泊尔|斯里兰卡|缅甸|泰国|越南|老挝|柬埔寨|马来西亚|新加坡|菲律宾|文莱|蒙古国|"
    "哈萨克斯坦|乌兹别克斯坦|吉尔吉斯斯坦|塔吉克斯坦|土库曼斯坦|伊朗|伊拉克|叙利亚|以色列|"
    "巴勒斯坦|约旦|黎巴嫩|"
    "沙特|阿联酋|卡塔尔|科威特|埃及|南非|尼日利亚|肯尼亚|埃塞俄比亚|苏丹|阿尔及利亚|摩洛哥|"
    "突尼斯|坦桑尼亚|赞比亚|安哥拉|加拿大|墨西哥|巴西|阿根廷|智利|秘鲁|古巴|委内瑞拉|澳大利亚|"
    "新西兰|阿富汗"
)
_PLACE = re.compile(f"(?<!扩)(?:{_PROVINCES}|{_CITIES}|{_COUNTRIES})(?![路街道])")


def find_places(text: str) -> tuple[Mention, ...]:
    """Provinces, large cities and countries of `text` from a list; smaller places are not recognised."""
    return tuple(Mention(Span(*m.span()), m.group()) for m in _PLACE.finditer(text))
