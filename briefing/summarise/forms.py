"""What the words of one clause say of its place in a sentence, by pattern alone: closed word classes, no model.

`grammar` combines these with the learned scores and with the clause's neighbours.
"""

from __future__ import annotations

import re

from briefing.summarise.units import CONNECTIVE, TIME_ONLY, leading_chars

PAIRS = (("“", "”"), ("‘", "’"), ("《", "》"), ("（", "）"), ("(", ")"), ("「", "」"), ("【", "】"))
LATER = re.compile(r"^(?:接下来|下一步|今后|未来|届时|期间|下阶段|后续)$")
ADVERBIAL = re.compile(
    r"^(?:为(?!期|首|主|何|一)|为了|随着|围绕|针对|根据|按照|依照|依据|通过|由于|因为|如果|若|假如|虽然|尽管|即使|即便|哪怕|只要|只有|无论|不论|不管|"
    r"伴随|不仅|不但|不光|除了|除|当|自|自从|在|经|经过|鉴于|面对|对于|关于|作为|从|至于|一旦|每当|截至|据|受|与|同|较|比|对|按|以|将|向|沿着|本着|基于|凭借|借助|立足|聚焦|值此|正值|适逢)"
)
NEEDS_ADJACENT = re.compile(
    r"^(?:由于|因为|如果|若|假如|虽然|尽管|即使|即便|哪怕|只要|只有|无论|不论|不管|不仅|不但|不光|一旦|既|与其|宁可|除非)"
)
OPEN_END = re.compile(
    r"(?:时|后|前|中|下|以来|期间|之际|之时|之后|之前|以后|以前|同时|基础上|过程中|情况下|背景下|方面|来说|来看|而言|起|之余|看来|的|地|得|和|与|及|以及|或|、|将|是|为|在|把|对|向|从|由|于|等方式|为契机|为抓手|为目标|为核心|为重点|为主线|为导向|为引领|为载体|为依托|为基础|为例|为主题)$"
)
# 某校推出的《…》, is a noun that waits for its verb; 通过了关于…的《…》 is complete.
NAME_ONLY = re.compile(r"的[《“][^》”]*[》”]$")
VERB_OF_NAME = re.compile(
    r"了|发布|印发|公布|通过|宣读|出台|签署|报道|是|为|获|授予|发表|打造|形成|推出[^的]*[《“]"
)
TIME_END = re.compile(
    r"(?:时|后|前|中|下|以来|期间|之际|以后|以前|同时|基础上|过程中|情况下|背景下|方面|来说|来看|而言|起)$"
)
CLOSED_ANYWAY = re.compile(
    r"(?:提前|目前|此前|年前|以后|今后|背后|先后|落后|其中|集中|手中|心中|空中|高中|初中|召开期间|了.{1,6}的|是.{1,20}的|会议中|当中|以下|天下|线下|旗下|名下|地下|水下|目的|标的|有的|行为|作为|认为|人为|成为.{1,}|一起|发起|引起|兴起|建起)$"
)
NEEDS_PREVIOUS = re.compile(
    r"^(?:而且|更(?!新|换|正)|也|还(?!款|乡|清)|则|就(?!业|医|诊|地|近|读|餐|此)|才(?!能)|都(?!市|江)|使|使得|让|令|从而|进而|以便|致使|导致|其中|即|也就是|再(?!生|见|就业|贷|融|度|版)|这(?!些年|几年)|"
    r"却|但|但是|然而|不过|反而|遂|甚至|尤其|特别是|包括|分别|比上年|同比|环比|较|比去年|增长|增幅|下降|占|位居|位列|相当于|所以|因此|因而|于是|故(?!事|障|意|乡|宫|居|里|土)|而(?!立))"
)
PRONOUN = re.compile(
    r"^(?:他|她|它|他们|她们|它们|这|该|其(?!实|中一|余)|此(?!外|次|间)|那|双方|上述|两人|三人|后者|前者|两者|彼此|对方|届时|随即|随后|之后|接着|对此|为此|据此|与此|由此|这些|这一|这次|至此|这样|此案|此举|本次|同日|当晚|当日|当天|同年|两国|与会)"
)
BACK_REFERENCE = re.compile(
    r"这[两三四几些种类项一]|上述|前者|后者|以上(?:各|几|两|三)|二者|两者|三者|(?<!各)该(?:案|项|市|县|省|州|校|院|公司|局|部|国|所|区|镇|村|片|药|法|办法|条例)"
)
# Official instructions are written without a subject: 动员各级机关扩大采购。 Such sentences stand alone there.
INSTRUCTION_TITLE = re.compile(
    r"(?:意见|通知|方案|规划|办法|条例|决定|纲要|规定|计划|要点|细则|措施|指南|公报|通告)(?:（[^）]*）)?$"
)
INSTRUCTION_HEAD = re.compile(
    r"^(?:[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百]{1,4}条)"
)
ORDER = re.compile(r"^(?:要|必须|应当?|不得|务必|须|严禁|禁止)")
WISH = re.compile(
    r"^(?:(?:中方|我方|双方|中国|两国|双边|中[\u4e00-\u9fff])[^，]{0,6}|[\u4e00-\u9fff]{1,3}方?)"
    r"(?:愿|希望|应|支持|坚持|坚定|主张|反对|期待|欢迎|呼吁|敦促|将继续)"
)
EXISTENTIAL = re.compile(r"^(?:据|有\d|共有|在|截至|从|位于|出席|受|由|经)")
# 在当地生活中占有重要地位, 在推广中发挥了作用: who does stands in the clause before.
ROLE_IN = re.compile(
    r"^在[^，]{2,24}?(?:中|上|里|方面|领域|过程中|进程中)(?:都|也|均|还|一直|始终|正|将|逐步|不断)?(?:占有|占据|占|发挥|起到|起着|具有|取得|处于|居于|位居|位列|排名|扮演|享有|得到|受到|展现|彰显|实现|作出|做出)"
)
# A bare class noun points back at what the article has named: 会议通报…, 企业还将…
LEANING = re.compile(
    r"^(?:会议|活动|论坛|峰会|企业|公司|项目|学校|医院|园区|工程|当地|服务站|展览|展会|比赛|赛事|培训|仪式|条例|办法|方案|通知|意见|规定|报告|文件|法院|警方|男子|女子|嫌疑人|民警|村里|镇里|县里|市里|区里|街道|社区|今后|下一步|未来)(?:还|也|已|将|共|由|在|要|以|明确|规定|要求|提出|强调|指出|通报|决定|现场|期间|为|是|有|了|围绕|通过|自|从|对|举办|召开|开展|采用|设置|吸引)"
)
LIST_END = re.compile(r"等[^，]{0,8}的")
# Verbs that the word list has as nouns.
VERB_IN_FRONT = re.compile(
    r"^(?:大手笔|誓言|旨在|多措并举|策划|规划|总结|会见|编制|统筹|汇编|主持|督导|选派|评选)(?!书|师|局|人|图)"
)
# 审批时限由30个工作日压缩为1个工作日; 企业只需承诺: subject and all.
FIGURE_MOVES = re.compile(
    r"^[\u4e00-\u9fff]{2,12}(?<!已)(?:由|从)\d[^，]{0,14}?(?:压缩|缩短|降|提高|提升|增加|增至|下降|减少|上升|扩大)"
    r"|^(?:企业|群众|居民|市民|个人|申请人)(?:只需|无需|不再|即可)"
)
# Whose time limit it is, and what a grant is for, stands in the clause before.
LIMIT_OF = re.compile(
    r"^(?:贴息|贷款|补助|优惠|租|合同)?期限|^(?:平均)?(?:审批|办理|办结|申请)?(?:时限|时间|用时|环节|材料)(?:由|从|压)|"
    r"^(?:单个|单户|每[个户家人名])[^，]{0,8}?(?:最高|不超过|累计)|^(?:最高|最多)(?=不超过|可?[奖补给]|\d)|"
    r"^(?:一次性|第[一二三四]年|按[^，]{2,16}(?:比例|标准))(?:给予|予以|奖励|补助|补贴|拨付|资助|发放)"
)
DATE_FIRST = re.compile(
    r"^(?:(?:20\d\d年|今年|明年)?(?:\d{1,2}月)?\d{1,2}[日月](?:底|初|末)?(?:前|起|之前|以前)?|年底前|年内)"
)
# 2023年3月起任…经理, 2007年加入…: of whom, the sentence before says.
CAREER = re.compile(r"^起?(?:任(?!务|何|命)|担任|就任|出任|兼任|加入(?!世)|入职|毕业|获聘|当选)")
# 同时要求企业落实责任: who demands stands in the sentence before.
SAID_BY_NOBODY = re.compile(r"^(?:要求|强调|指出|提出|表示|认为|呼吁)(?!的)")
NOT_ONLY = re.compile(r"^(?:不仅|不但|不光|既)")
# A quotation of several sentences cannot be one sentence of a summary.
STOP_INSIDE = re.compile(r"[。！？][^”’」』）]")
EVENT_END = re.compile(
    r"(?:首播|播出|举行|召开|开幕|闭幕|启动|开工|竣工|通车|通航|成立|揭牌|签约|投产|上线|落幕|举办|开馆|开业|首演|首发|上市|获批)$"
)
ELLIPTIC = re.compile(r"(?:主办|承办|协办|联办|指导|协同)$")
DIRECTIVE = re.compile(r"^(?:要|必须|应|应当|务必|坚决|切实|坚持|加快|全面|深入|进一步|着力|希望|愿|努力|扎实)")
# 各级机关要严格管理, after 《规范》强调.
TOLD_TO = re.compile(
    r"^[\u4e00-\u9fff、]{2,16}?(?<!只)(?<!主)(?<!需)(?<!重)(?:要(?![求素闻点塞职害案道员件紧])|必须|务必|应当)"
)
# 在未取得证书，机构也未取得许可的情况下: a frame with a comma inside.
FRAME_END = re.compile(r"(?:的情况下|的基础上|的背景下|的前提下|的条件下|的过程中|的同时)$")
LIST_HEAD = re.compile(
    r"^(?:[一二三四五六七八九十]是|[一二三四五六七八九十]要|第[一二三四五六七八九十](?:[，、是]|$)|其[一二三四五](?:[，、是]|$)|首先|其次|再次|最后)"
)
FIRST_PERSON = re.compile(
    r"^(?:我(?!国|省|市|县|区|校|院|厂|军|台|馆|局|部|方|驻|外交)|咱|俺|我们(?!要)|(?:或许|也许|可能|如果|只要|要是|当|让|请)?[你您]|各位(?:观众|听众|网友|朋友)|这里是)"
)
# What a document says about itself: it announces, it does not tell.
FORMULA = re.compile(
    r"(?:提出|作出|制定|公布|回复)(?:如下|以下)|(?:通知|报告|批复|答复|公告|意见|决定|事项|说明|汇报)如下$|现将.{0,60}(?:印发|通知|转发)(?:给)?(?:你们)?$|"
    r"^请(?:认真|结合实际|各[^，]{1,8})?(?:遵照|贯彻|组织)[^，]{0,6}执行$|收悉$|以上(?:报告|意见)|请予审议|^(?:特此|此复|现予)"
    r"|制定本(?:条例|办法|规定|方案|规划|细则|法|意见|规则)$"
)
# A definition says nothing when it is cut, and is never the news.
DEFINITION = re.compile(r"^本[^，]{1,6}所称|所称[^，]{1,30}$|^[^，]{0,16}，?是指")
SCENE = re.compile(
    r"俯瞰|蔚为壮观|映入眼帘|一座座[^，]{0,14}(?:相连|林立|耸立)|如同[^，]{0,10}(?:波浪|画卷|彩带)|整齐地排列|热火朝天|神情专注|少跑腿|此起彼伏|灯光璀璨|群星闪耀|人声鼎沸|人头攒动|座无虚席|欢声笑语|锣鼓喧天|彩旗飘|振奋人心[：:]?$|^一组组|温暖的数据|自?有着?(?:自己的|她的|他的|一套)[^，]{0,6}(?:办法|法子|高招|妙招|绝招|新招|秘诀)$|一(?:位|名|个|群)[^，]{1,8}(?:推着|坐着|拎着|捧着|握着|拄着|抱着)|"
    r"^(?:只见|走进|步入|站在)|^来到(?![^，]*(?:接受|参加|出席|调研|考察|会见))"
)
# 青禾以设计赋能乡村的生动实践。: a noun phrase for a sentence.
EMBLEM = re.compile(
    r"^(?!.*(?:是|为|成|作|书写|交出|提供|推出|发布|讲述|开展)).*的(?:生动|真实|鲜活|具体|又一)?(?:实践|写照|缩影|体现|例证|见证|典范)$"
)
EXCLAIM = re.compile(r"[！!？?]$|(?:呢|吗|啊)$")
ATTRIBUTION_NOUN = re.compile(
    r"(?:说|表示|指出|强调|介绍|认为|要求|提出|透露|称|宣布|呼吁|建议|回应|坦言|解释|希望|明确|显示|提到|写道|重申|请求|发布消息|通报|(?<!的)预计|(?<!的)预测|(?<!的)估计|(?<!的)测算)[道]?$"
)
# 提出“52个不得”刚性要求, 对…的建议: what was said, not that it was.
_NOUN_OF_SPEECH = re.compile(
    r"(?:提出(?!了?[一二三四五六七八九十几两]+[点项条])|明确|符合|落实|按照|根据|达到|满足|作出|听取)[^，]{2,}(?:要求|建议|希望|介绍|说明|解释|通报)$|诉讼请求$"
    r"|(?:新|各项|总体|有关|相关|任务|标准|目标|时代|发展)要求$"
)
RESOLUTION = re.compile(
    r"^(?:会议|全会|大会|常委会|省委|市委|国务院|[\u4e00-\u9fff]{2,8}会议)(?:还)?(?:决定|确定|审议)$"
)
RUMOUR = re.compile(r"^(?:据|记者|笔者|有关|相关)")
# 据…透露 is not proved: what follows in the sentence goes with it.
HEARSAY = re.compile(r"^据(?!悉|了解|介绍|统计)[^，]*(?:透露|称|报道|声明|通报)$")
QUOTED_STOP = re.compile(r"[。！？……][”’]$")
QUOTE_ONLY = re.compile(r"^[“‘「].*[”’」]$")


# 希望今后多开展此类活动, after 大家纷纷表示…
HOPE = re.compile(r"^(?:衷心|真诚|也|还)?(?:希望|期望|期待|盼望|祝愿|相信)(?!工程|小学)")
MODAL_FIRST = re.compile(r"^(?:是|也是|应当|应(?!对|急|用|邀|届)|必须|须|不得|可以|方可|均|依法|将)")
# …的有2000多人: the noun phrase is over, its verb has come.
VERB_AFTER_OF = re.compile(r"的(?:是|有|为|达|占|已|将)")
DATED = re.compile(r"\d{2,4}年|\d{1,2}月|\d{1,2}[日号]|第[一二三四五六七八九十百\d]+[届次期批]?")
# 花开廊道“风景美”。: a sub-heading with a stop.
MOTTO = re.compile(r"^[^，\d]{2,8}“[^”\d]{2,6}”$")
# 有记者问：…: what follows in the paragraph is the question.
ASKED = re.compile(r"^(?:有|另有|还有|[^，]{0,12}社|[^，]{0,12}台)?(?:外国)?(?:记者)(?:提)?问(?:道|及)?$|^问$")
# These need an object before they need a stop.
OBJECT_FIRST = frozenset({"以", "把", "将", "对", "按", "按照", "通过", "围绕", "针对", "用"})
# What follows a demand without a subject is demanded too: 一要下放权限。在试验区全面实现“证照分离”。
DEMAND = re.compile(
    r"^(?:[一二三四五六七八九十]?要(?![求素闻点])|必须|应当?(?![对急用邀届])|务必|切实)|^[\u4e00-\u9fff]{2,8}要(?![求素闻点])"
)
OWN_MODAL = re.compile(r"要|将|应|须|计划|拟|力争|必须|不得|已|了|完成|达到|增长")
LISTS = re.compile(r"(?:下列|以下)[^，]{2,16}$")
# 青石县针对种地难问题，推行…: what is done about it comes next.
_AIMED = re.compile(r"(?:针对|围绕|聚焦|面对)[^，]*(?:问题|需求|情况|实际|特点|难题|现象|困难|痛点|堵点|诉求)$")
# Nouns that the word list has as verbs.
MEANS = frozenset({"行为", "方式", "手段", "形式", "措施", "态度", "速度"})
CONCESSION = re.compile(r"虽然|尽管|固然|虽(?!说|然)|尽管")
# 既是…，也是…; 不仅…，还…; 不是…，而是…; 到…，再到…: the first half alone says too little, or the opposite.
_HALVES = (
    (
        re.compile(r"既(?![然定往有成得])"),
        re.compile(r"也|又|还|更|且|亦"),
        re.compile(r"^(?:也|又|还|更|且|亦)"),
    ),
    (
        re.compile(r"不仅|不但|不光|不只|不单"),
        re.compile(r"也|又|还|更|而且|并且|甚至"),
        re.compile(r"^(?:也|又|还|更|而且|并且|并|甚至|同时|且)"),
    ),
    (re.compile(r"不是|并非"), re.compile(r"而是"), re.compile(r"^(?:而是|乃是)")),
    (
        re.compile(r"^(?:到(?![\d了达场访任])|再到)"),
        re.compile(r"(?<=.)到"),
        re.compile(r"^(?:再)?到(?!\d|20|年|今|目前|期|场|账|位|任)"),
    ),
)
_TURN = re.compile(r"^(?:却|才(?!能|华|干)|便(?!利|捷|民)|则(?!是)|就能|就可|就是|也就|也(?:能|可|会)|都能)")


def needs_other_half(text: str, following: str) -> bool:
    """走进巷弄，却是42度; 范围虽然广泛，但主因是…: the clause says the opposite without the next."""
    concession = list(CONCESSION.finditer(text))
    open_half = bool(concession) and not re.search(r"但|却|仍|也|依然", text[concession[-1].end() :])
    if open_half or _TURN.match(following):
        return True
    for first, within, second in _HALVES:
        found = first.search(text)
        if found and second.match(following) and not within.search(text, found.end()):
            return True
    return False


def is_other_half(text: str, before: str) -> bool:
    """再到建成北斗三号系统, 的美墨边境拘留所画面: says nothing without the clause before."""
    ladder = re.match(r"^(?:再)?到(?!\d|20|年|今|目前|期|场|账|位|任)", text)
    return bool(text.startswith("的") or (ladder and re.match(r"^(?:从(?!\d|今|此)|到|再到)", before)))


def balanced(text: str) -> bool:
    """Quotation marks and brackets close in order."""
    for opening, closing in PAIRS:
        depth = 0
        for char in text:
            depth += (char == opening) - (char == closing)
            if depth < 0:
                return False
        if depth:
            return False
    return True


def is_attribution(text: str) -> bool:
    """A short clause that only says who speaks: 会议指出, 张三表示, 国家统计局数据显示."""
    if len(text) > 45 or QUOTE_ONLY.match(text) or _NOUN_OF_SPEECH.search(text):
        return False
    return bool(ATTRIBUTION_NOUN.search(text) or RESOLUTION.match(text))


def core(text: str) -> str:
    """The clause as it is printed at the head of a sentence: 另外还有13台 begins with 还有."""
    core = text[leading_chars(text) :]
    return core if core[:1] in "还也则并" else text


def is_adverbial(text: str) -> bool:
    """By its form alone: a clause of time, place, cause or aim."""
    return bool(
        TIME_ONLY.match(text) or CONNECTIVE.match(text) or ADVERBIAL.match(text) or TIME_END.search(text)
    )


def waits_for_more(text: str) -> bool:
    """A clause whose form announces another: time, condition, who speaks, a noun without its verb."""
    if TIME_ONLY.match(text) or CONNECTIVE.match(text) or is_attribution(text) or NEEDS_ADJACENT.match(text):
        return True
    bare = re.sub(r"《[^》]*》|“[^”]*”", "《》", text)
    if NAME_ONLY.search(text) and not VERB_OF_NAME.search(bare):
        return True
    if _AIMED.search(text):
        return True
    if OPEN_END.search(text) and not CLOSED_ANYWAY.search(text):
        return True
    return len(text) < 24 and bool(re.match(r"^.{1,8}作为", text))
