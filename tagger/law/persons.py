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

_NO_GIVEN_NAME = "犯因被等和及与以在已均于从向对经将也又还各等的是为某"
NAME = (
    rf"[{''.join(dict.fromkeys(SURNAMES))}]某(?:某[甲乙丙丁戊己庚辛]?|[甲乙丙丁戊己庚辛]"
    rf"|[^\W\d_a-zA-Z{_NO_GIVEN_NAME}](?=[犯因被等和及与以已均、，,。；;()（）]|$))?"
)
"""A regular expression for an anonymous name: a given name counts (徐某钦) where the name visibly ends."""
