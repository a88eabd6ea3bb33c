"""Look-alikes of plain characters that files carry and that Unicode's own folding leaves alone."""

from __future__ import annotations

# CJK Radicals Supplement -> the hanzi that it looks like (Unicode EquivalentUnifiedIdeograph.txt, the
# whole-character ones). PDF fonts without a proper character map yield these.
_RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋卩⺌小⺍小⺎兀⺏尣⺐尢⺑尣⺒巳⺓幺⺔彑⺕彑⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歹⺟母⺠民⺡氵"
    "⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糸⺰纟⺱罒⺲罒⺳网⺴网⺵网⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼月⺽臼⺾艹⺿艹⻀艹"
    "⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒长⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠"
    "⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
# Half-width forms of East Asian points (U+FF61…), and look-alikes of Chinese marks.
_MARKS = "｡。｢「｣」､、･·〝“〞”〟”‧·"
LOOK_ALIKES = dict(zip((_RADICALS + _MARKS)[::2], (_RADICALS + _MARKS)[1::2], strict=True))
