"""What the platform's codes mean to the people who read them (platform reference §2.3, §3, §4)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ERRCODES: Mapping[int, str] = MappingProxyType(
    {
        -1: "微信平台系统繁忙",
        40001: "AppSecret 或访问凭证无效，请公众号管理员重新录入凭据",
        40007: "素材或草稿已失效，请重新提交",
        40013: "AppID 无效，请公众号管理员核对",
        40125: "AppSecret 无效，请公众号管理员重新录入凭据",
        40164: "本平台的服务器地址不在公众号的 IP 白名单中，请公众号管理员添加",
        40243: "AppSecret 已被冻结，请公众号管理员在微信公众平台解冻",
        45003: "标题超出微信的长度限制",
        45004: "摘要超出微信的长度限制",
        45009: "今天的接口调用次数已用完，次日零点恢复",
        45011: "调用过于频繁，请稍后再试",
        45028: "群发次数已用完：订阅号每天一次，服务号每月四次",
        45066: "重复提交过快",
        45067: "群发标识过长",
        45110: "作者名超出微信的长度限制",
        45166: "正文含有微信不允许的内容",
        48001: "该公众号没有这项接口权限，请确认认证是否有效",
        48004: "该接口因违规被微信封禁",
        50002: "公众号的账号状态受限",
        50004: "公众号因处罚被禁止获取访问凭证",
        50007: "公众号已被冻结",
        53404: "账号已被限制带货能力",
    }
)
STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "send fail": "微信平台报告群发失败",
        "err(10001)": "涉嫌广告",
        "err(20001)": "涉嫌政治",
        "err(20002)": "涉嫌色情",
        "err(20004)": "涉嫌社会",
        "err(20006)": "涉嫌违法犯罪",
        "err(20008)": "涉嫌欺诈",
        "err(20013)": "涉嫌版权",
        "err(21000)": "涉嫌其他",
        "err(22000)": "涉嫌互推（互相宣传）",
        "err(30001)": "原创校验出现系统错误，且选择了被判为转载时不发送",
        "err(30002)": "原创校验判定不能群发",
        "err(30003)": "原创校验判定为转载，且选择了被判为转载时不发送",
        "err(40001)": "公众号管理员拒绝了群发",
        "err(40002)": "公众号管理员三十分钟内没有确认群发",
    }
)


def refusal_in_words(errcode: int, errmsg: str) -> str:
    """The meaning in Chinese, and the platform's own message, which names the request to its support."""
    return f"{ERRCODES.get(errcode, '微信平台拒绝了该操作')}（{errcode}：{errmsg}）"


def status_in_words(status: str) -> str:
    """Why a mass send that the platform had taken on did not go out."""
    return f"{STATUSES.get(status, '微信平台没有完成群发')}（{status}）"
