"""The right side: the clock, faults, mass sends that wait, pushes, calls."""

import json
from html import escape

from sandbox.wechat.clock import beijing
from sandbox.wechat.faults import Fault
from sandbox.wechat.pages.console.markup import View, api_button, badge, choice, clock_time, field, folded, short_time
from sandbox.wechat.records import Attempt, CallRecord, Push

_SHOWN = 40
OUTCOMES = {
    "acknowledged": ("已确认", "good"),
    "replied": ("已回复", "good"),
    "abnormal": ("回复异常", "bad"),
    "dropped": ("回复被丢弃", "warn"),
    "lost": ("三次无应答", "bad"),
    "suppressed": ("按故障不推送", "warn"),
    "disabled": ("未启用回调", ""),
    "": ("推送中", "busy"),
}
KINDS = {
    "errcode": "返回错误码",
    "http": "返回 HTTP",
    "latency": "变慢",
    "drop": "断线",
    "hold": "一直不答",
    "push_delay": "推送延迟",
    "push_suppress": "推送丢失",
    "push_duplicate": "推送重复",
    "mass_outcome": "群发结果",
    "publish_outcome": "发布结果",
    "template_outcome": "模板消息结果",
}
STAGES = {"before": "生效之前", "after": "生效之后"}
_MASS = "/cgi-bin/message/mass/sendall"
PRESETS: tuple[tuple[str, dict[str, object]], ...] = (
    ("群发：已受理后断线", {"kind": "drop", "stage": "after", "path": _MASS}),
    ("群发：受理前断线", {"kind": "drop", "stage": "before", "path": _MASS}),
    ("群发：系统繁忙 -1", {"kind": "errcode", "errcode": -1, "path": _MASS}),
    ("群发结果：涉政 err(20001)", {"kind": "mass_outcome", "mass_status": "err(20001)"}),
    ("所有接口：慢 3 秒 ×5", {"kind": "latency", "ms": 3000, "times": 5}),
    ("任一接口：额度用完 45009", {"kind": "errcode", "errcode": 45009}),
    ("任一接口：HTTP 502", {"kind": "http", "status": 502}),
    ("推送：丢一次", {"kind": "push_suppress"}),
    ("推送：晚 10 秒", {"kind": "push_delay", "ms": 10000}),
    ("推送：重复一次", {"kind": "push_duplicate"}),
)
STEPS = {"1 分钟": 60, "1 小时": 3600, "2 小时": 7200, "1 天": 86400, "3 天": 259200}


def clock(view: View) -> str:
    now = view.world.clock
    ahead = f"<small>比现实快 {_span(now.offset)}</small>" if now.offset >= 1 else "<small>与现实一致</small>"
    return f"<b>{beijing(now.now()).strftime('%Y-%m-%d %H:%M')}</b>{ahead}"


def _span(seconds: float) -> str:
    days, rest = divmod(int(seconds), 86_400)
    hours, rest = divmod(rest, 3600)
    named = ((days, "天"), (hours, "小时"), (rest // 60, "分"))
    return " ".join(f"{count} {name}" for count, name in named if count) or f"{int(seconds)} 秒"


def clock_buttons() -> str:
    call = "POST /_control/clock/advance"
    return "".join(api_button(f"+{name}", call, {"seconds": seconds}, "chip") for name, seconds in STEPS.items())


def fault_buttons() -> str:
    preset = "".join(api_button(label, "POST /_control/faults", dict(body), "chip") for label, body in PRESETS)
    own = (
        field("接口路径（可用 *）", "path", value="/cgi-bin/*")
        + choice("故障", "kind", dict(list(KINDS.items())[:5]))
        + choice("时机", "stage", STAGES)
        + field("错误码", "errcode", value="-1", kind="number")
        + field("毫秒", "ms", value="2000", kind="number")
        + field("次数", "times", value="1", kind="number")
        + '<button class="primary">加入</button>'
    )
    form = f'<form data-api="POST /_control/faults" data-keep>{own}</form>'
    return f'<div class="chips">{preset}</div>' + folded("own-fault", "自定义故障", form, css="quiet")


def faults(view: View) -> str:
    known = view.world.faults.all("")
    rows = "".join(_fault(fault) for fault in reversed(known))
    clear = api_button("全部清除", "DELETE /_control/faults", None, "plain") if known else ""
    return rows + clear if rows else '<p class="empty">一切正常。点上面的按钮制造故障。</p>'


def _fault(fault: Fault) -> str:
    left = "已用完" if fault.spent else "直到移除" if fault.times is None else f"还剩 {fault.times} 次"
    where = fault.event if fault.kind.startswith("push_") else fault.path
    on_call = fault.kind in ("errcode", "http", "latency", "drop", "hold")
    when = f" · {STAGES[fault.stage]}" if on_call else ""
    detail = {
        "errcode": str(fault.errcode),
        "http": str(fault.status),
        "latency": f"{fault.ms} ms",
        "push_delay": f"{fault.ms} ms",
        "mass_outcome": fault.mass_status,
    }.get(fault.kind, "")
    remove = api_button("移除", f"DELETE /_control/faults/{fault.fault_id}", None, "plain")
    return (
        f'<div class="fault{" spent" if fault.spent else ""}"><span class="what">'
        f"<b>{KINDS[fault.kind]} {escape(detail)}{when}</b>"
        f"<small>{escape(where)} · {left} · 命中 {fault.hits}</small></span>{remove}</div>"
    )


def waiting(view: View) -> str:
    """Mass sends that wait for the administrator, and the last ones that ended."""
    if view.account is None:
        return ""
    rows = []
    for job in reversed(view.world.mass_jobs.all(view.account.appid)[-8:]):
        title = job.articles[0]["title"] if job.articles else job.text or job.msgtype
        tone = {"SEND_SUCCESS": "good", "SEND_FAIL": "bad", "DELETE": "warn"}.get(job.state, "busy")
        buttons = ""
        if job.confirmation == "waiting":
            call = f"POST {view.api(f'/mass-sends/{job.msg_id}/confirmation')}"
            buttons = api_button("确认", call, {"confirm": True}, "primary")
            buttons += api_button("拒绝", call, {"confirm": False}, "plain")
        state = "等待管理员确认" if job.confirmation == "waiting" else job.status or "发送中"
        rows.append(
            f'<div class="fault"><span class="what"><b>{escape(title)}</b><small>{short_time(job.submitted_at)} · '
            f"送达 {job.sent_count}/{job.total_count}</small></span>{badge(state, tone)}{buttons}</div>"
        )
    return "".join(rows) or '<p class="empty">还没有群发。</p>'


def pushes(view: View) -> str:
    """The newest pushes of the chosen account, or of all."""
    if view.account is not None:
        found = view.world.pushes.all(view.account.appid)
    else:
        found = sorted(view.world.pushes.every(), key=lambda push: push.created_at)
    return "".join(_push(push) for push in reversed(found[-_SHOWN:])) or '<p class="empty">还没有推送。</p>'


def _push(push: Push) -> str:
    label, tone = OUTCOMES.get(push.outcome, (push.outcome, ""))
    title = (
        f'<span class="what"><b>{escape(push.event)}</b><small>{clock_time(push.created_at)} · {len(push.tries)} 次'
        f"</small></span>{badge(label, tone)}"
    )
    why = f'<p class="why">{escape(push.explanation)}</p>' if push.explanation else ""
    tries = "".join(_attempt(number, attempt) for number, attempt in enumerate(push.tries, start=1))
    return folded(push.push_id, title, f"{why}<pre>{escape(push.body)}</pre>{tries}", css="log")


def _attempt(number: int, attempt: Attempt) -> str:
    answer = escape(attempt.error or attempt.answer[:1500] or "（空）")
    told = f"第 {number} 次 · HTTP {attempt.status or '—'} · {attempt.seconds:.2f} 秒"
    return f'<p class="try">{told}</p><pre>{answer}</pre>'


def calls(view: View) -> str:
    """The newest calls of the API."""
    appid = view.account.appid if view.account else ""
    found = [call for call in view.world.calls.all("") if appid in ("", call.appid)][-_SHOWN:]
    return "".join(_call(call) for call in reversed(found)) or '<p class="empty">还没有接口调用。</p>'


def _call(call: CallRecord) -> str:
    struck = badge(call.fault, "warn") if call.fault else ""
    result = badge("ok", "good") if call.errcode == 0 else badge(str(call.errcode), "bad")
    title = (
        f'<span class="what"><b>{escape(call.path)}</b><small>{clock_time(call.at)} · {call.cost_ms} ms</small></span>'
        f"{struck}{result}"
    )
    body = (
        f'<p class="try">{call.method} {escape(call.url)}</p><pre>{escape(_pretty(call.request_body))}</pre>'
        f"<pre>{escape(_pretty(call.response_body))}</pre>"
    )
    return folded(call.rid, title, body, css="log")


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=1)[:3000]
    except ValueError:
        return text[:3000] or "（空）"
