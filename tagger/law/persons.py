"""Chinese personal names as notices print them, mostly made anonymous: 李某, 张某某, 付某甲, 徐某钦."""

from __future__ import annotations

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌马苗凤"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫"
    "房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲封芮羿储靳汲糜松井段富巫乌焦巴弓牧隗谷车侯"
    "宓蓬全班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥苍双闻莘"
    "党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容古易慎戈廖庾终暨居衡步"
    "耿满弘匡寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚简饶曾沙乜养鞠须丰巢关蒯查荆红游竺权逯盖益桓肖闫牟佟尧付"
    "晋楚汝鄢涂钦岳帅缑亢况郈琴佴伯哈谯笪年爱阳代揭邸覃粟苟佘仝亓原冼操展凡候裘母植修冒茆普巨苑邝税折门匙迟郗郅栗敬信鲜敏撒补付麦闪仝楼岑丛"
)
"""Surnames of one character, without those that are also function words (于, 有, 时, 和, 向, 从, 相)."""

PLACES = (
    "东丹启山广海肇邵", "丰禄陆", "乌义", "乐博新", "井龙", "余扶新", "元广", "充南", "关峪门韶", "利监",
    "华金", "原固太开松", "吉延昌", "哈令", "夏临宁", "姚余", "宁万伊南咸常普济海西辽遂",
    "安六兴北吉大广延武永泰淮瑞福西迁雅集高", "宫南", "容句", "富水", "封开登", "左崇", "常五",
    "平乐兴南原四开恩桂漳邹高", "庄家枣", "康安尔永阜", "怀仁", "惠德", "成荣", "施恩",
    "昌乐南宜文瑞西许金隆", "明三昆", "暨诸", "曲那", "杨白", "林吉桂榆玉米虎", "梁吕", "武灵邵",
    "江临丹丽九内嫩廉怒晋枝水沅洪浙湛潜澄镇阳靖龙", "池河连", "沙长三", "洪射景", "浦荔", "田莆",
    "石克磐黄", "罗汨", "苏乌克勒江", "葛长", "贡自", "车库", "边延", "连大", "通南昭", "郑新", "金瑞",
    "门厦天江澳玉荆", "阳东丹信南咸安岳庆当德揭旬朝枣汾沁沈洛浏海溧濮益祁简绵耒荥莱衡襄贵资辽邵阜",
    "阴华江", "饶上", "马义侯", "齐木",
)  # fmt: skip
"""Surnames that end the names of provinces and cities, each with what stands before it: 西安某 is nobody.

From data/regions.csv, without 中卫, 同江, 和田 and 和龙, which would take 其中卫某 and 李某和田某 away, and
small cities that begin as a larger place ends: 上海林某 is no 海林某.
"""
_NOBODY = "|".join(["某任某", *(f"[{place[1:]}]{place[0]}某" for place in PLACES)])
"""Nor is 任某 somebody in 林某任某银行经理."""

_NO_GIVEN_NAME = "犯因被等和及与以在已均于从向对经将也又还各等的是为某"
_COMMON = (
    "王李张刘陈杨赵吴周徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪任"
    "姜范姚谭廖邹熊陆郝孔崔邱秦顾侯邵孟汤尹黎贺赖龚伍韦吴柯施罗岳齐付毕宁田康"
)
"""Common surnames that make no word behind 小, as 程, 黄 and 米 do: a newspaper's 小谭."""
_AFTER = "自从趁向因被偶在用把将与和现已既也又还的每通给对发为利冒以先后不，。、；;,等（("
"""What may stand behind such a name, for 小 and a surname are often the middle of other words (最小范围)."""
NAME = (
    # One set of letters begins both kinds of name, so that `re` jumps to them.
    rf"[小{''.join(dict.fromkeys(SURNAMES))}](?:(?<=小)[{_COMMON}](?=[{_AFTER}]|$)"
    rf"|某(?<!小某)(?<!{_NOBODY})(?:某[甲乙丙丁戊己庚辛]?|[甲乙丙丁戊己庚辛]"
    rf"|[^\W\d_a-zA-Z{_NO_GIVEN_NAME}](?=[犯因被等和及与以已均、，,。；;()（）]|$))?)"
)
"""A regular expression for an anonymous name: a given name counts (徐某钦) where the name visibly ends."""
