"""What the fuzzers write with: two bytes are a piece of a notice, so that a mutation is a change of wording.

Raw bytes find their way through Chinese too slowly: three of them are one character, and most changes
of one give no text at all.
"""

from __future__ import annotations

PIECES: tuple[str, ...] = tuple(
    """
    \u3000|\n|\n\n|。|，|、|；|：|！|？|“|”|《|》|（|）|(|)|[|]|〔|〕|【|】|-|—|~|·|…|*|**|#|## |> |`|\\
    |/|&|<|>|=|+|@|%|\t|,|.|:|;
    |0|1|2|3|9|21|64|253|2019|2023年|2026-01-01|1月|2日|３|一|二|三|四|五|十|百|千|万|亿|零|〇|两|廿|壹|贰|仟|之|余|半
    |第|条|款|项|目|章|节|至|到|和|及|与|或|以及|并|等|的|了|被|把|对|将|向|因|以|为|其|该|本|同|上述|前款|该法|本条例|此
    |网络安全法|中华人民共和国|刑法|数据安全法|个人信息保护法|治安管理处罚法
    |计算机信息系统安全保护条例|等级保护|管理办法|条例|规定|公安部令|修正|新修订的|以下简称|简称
    |根据|依据|依照|违反|触犯|涉嫌|构成|规定|给予|处以|决定|责令|警告|罚款|罚
    |元|万元|人民币|没收违法所得|停业整顿|关闭网站|吊销|拘留|行政拘留|日|刑事拘留
    |逮捕|起诉|判处|有期徒刑|年|个月|缓刑|并处|罚金|约谈|改正|限期|不予处罚|拟
    |公司|某公司|医院|学校|银行|平台|网站|员工|负责人|直接负责的主管人员|黑客
    |犯罪嫌疑人|被告人|张三|王某|李某某|欧阳|法定代表人|男|女|岁|某市公安局网安支队|公安局|网信办|通信管理局|法院|检察院|湖南省|长沙市|岳麓区
    |未履行|未采取|没有|未|不|未经|无|侵入|攻击|窃取|出售|泄露|个人信息|数据|系统|漏洞|留存日志|木马|勒索|后台|密码
    |案例一|案例|典型案例|一、|1.|（一）|基本案情|处罚结果|法律依据|网警提醒|律师说法|Case 1
    |来源：|编辑|点击|关注我们|通报|日讯|日前|近日
    |网安罚决字|号|公（网）行罚决字
    |京|A12345|13812345678|430102199001011234|a@b.cn|http://a.cn|QQ|微信号|账号|
    |網絡|醫院|資訊|\u200b|\ufeff|\xad|\u0301|\U00020000|\ud800|\x00|é|A|z|e\u0301|Ⅷ|㈠|①|㎡|ﬁ|&amp;|&#x4e00;|<p>|</div>|<br/>
    """.strip("\n ")
    .replace("\n    |", "|")
    .replace("\n    ", "")
    .split("|")
)


def text_of(data: bytes) -> str:
    """The text that some bytes stand for: two a piece, or where the first byte is odd, as UTF-8.

    >>> text_of(bytes_of("第", "21", "条"))
    '第21条'
    """
    if data[:1] and data[0] % 2:
        return data[1:].decode("utf-8", "replace")
    body = data[1:]
    return "".join(PIECES[(body[at] << 8 | body[at + 1]) % len(PIECES)] for at in range(0, len(body) - 1, 2))


def bytes_of(*pieces: str) -> bytes:
    """The bytes that stand for some pieces."""
    return b"\0" + b"".join(PIECES.index(piece).to_bytes(2, "big") for piece in pieces)
