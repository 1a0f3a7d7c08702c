"""The two pages: the list of traces, and one trace as a waterfall. Plain HTML; nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from stack.tracing.spans import Span
from stack.tracing.store import Summary
from stack.tracing.waterfall import LABELS, Row, arrange, colour, duration

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_KINDS = {"internal": "内部", "server": "服务端", "client": "调用", "producer": "投递", "consumer": "消费"}

_STYLE = """
:root { color-scheme: light; --ink: #1f2328; --soft: #57606a; --line: #d9dee4; --back: #f4f6f8; --blue: #0b65c2; }
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.55 system-ui, -apple-system, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei",
  sans-serif; color: var(--ink); background: var(--back) }
header, main { max-width: 1240px; margin: 0 auto; padding: 14px 16px }
header { padding-bottom: 0 }
h1 { font-size: 20px; line-height: 1.35; margin: 0 0 4px; overflow-wrap: anywhere }
p { margin: 4px 0; color: var(--soft) }
a { color: var(--blue) }
code, .id { font-family: ui-monospace, SFMono-Regular, Menlo, "Noto Sans Mono CJK SC", monospace; font-size: 13px;
  overflow-wrap: anywhere }
form { display: flex; flex-wrap: wrap; gap: 8px; margin: 12px 0 }
input, select, button { font: inherit; min-height: 44px; padding: 6px 12px; border: 1px solid #8c959f;
  border-radius: 8px; background: #fff; color: var(--ink) }
input[type=search] { flex: 1 1 260px; min-width: 0 }
select { flex: 1 1 110px; max-width: 220px; min-width: 0 }
button { background: var(--blue); border-color: var(--blue); color: #fff; padding: 6px 20px }
.check { display: flex; align-items: center; gap: 6px; min-height: 44px }
.check input { min-height: 0; width: 18px; height: 18px }
.card { background: #fff; border: 1px solid var(--line); border-radius: 10px; overflow: hidden }
.trace { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 14px; padding: 10px 14px;
  border-top: 1px solid var(--line); text-decoration: none; color: inherit }
.trace:first-child { border-top: 0 }
.trace:hover, .trace:focus { background: #eef5fc }
.trace b { font-weight: 600; overflow-wrap: anywhere }
.trace .num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.soft { color: var(--soft); font-size: 13px }
.tag { display: inline-block; padding: 0 7px; margin: 2px 4px 0 0; border-radius: 5px; font-size: 12px;
  line-height: 20px; color: #fff; white-space: nowrap }
.bad { background: #c62828 }
.empty { padding: 40px 16px; text-align: center; color: var(--soft) }
.axis { font-size: 12px; color: var(--soft); border-bottom: 1px solid var(--line); padding: 8px 14px 4px;
  background: #fff; position: sticky; top: 0; z-index: 1 }
.axis div { position: relative; height: 20px }
.axis span { position: absolute; transform: translateX(-50%); white-space: nowrap }
.axis span:first-child { transform: none }
.axis span:last-child { transform: translateX(-100%) }
details { border-top: 1px solid #edf0f3 }
summary { list-style: none; cursor: pointer; padding: 7px 14px; display: grid; gap: 3px 12px;
  grid-template-columns: minmax(0, 1fr) }
summary::-webkit-details-marker { display: none }
summary:hover, summary:focus { background: #eef5fc }
details.failed > summary { background: #fdecea }
.name { display: flex; align-items: baseline; gap: 7px; min-width: 0 }
.name i { flex: none; width: 5px; height: 13px; border-radius: 2px; align-self: center }
.name span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.name em { font-style: normal; flex: none; margin-left: auto; font-size: 13px; color: var(--soft);
  font-variant-numeric: tabular-nums }
.track { position: relative; height: 10px; align-self: center; background: #eef1f4; border-radius: 3px }
.track i { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: 3px }
.facts { padding: 2px 14px 14px; background: #fafbfc; font-size: 13px }
dl { display: grid; grid-template-columns: minmax(90px, max-content) minmax(0, 1fr); gap: 3px 14px; margin: 8px 0 }
dt { color: var(--soft); overflow-wrap: anywhere }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap }
@media (min-width: 760px) {
  .axis { padding-left: calc((100% - 28px) * .46 + 14px) }
  summary { grid-template-columns: 46% minmax(0, 1fr); column-gap: 0 }
  .name { padding-right: 14px }
}
@media (max-width: 759px) { dl { grid-template-columns: minmax(0, 1fr) } dd { margin-bottom: 4px } }
"""


@dataclass(frozen=True)
class Search:
    """What the list is narrowed down to."""

    service: str = ""
    text: str = ""
    errors: bool = False
    limit: int = 100


def list_page(traces: Sequence[Summary], services: Sequence[str], search: Search) -> str:
    """The newest traces, with the search form."""
    rows = "".join(_trace(trace) for trace in traces)
    if not rows:
        asked = search != Search(limit=search.limit)
        rows = (
            '<p class="empty">'
            + ("没有符合条件的链路。" if asked else "还没有收到链路。操作一下系统，再刷新本页。")
            + "</p>"
        )
    body = f"""<header><h1>调用链路</h1><p>最近 {len(traces)} 条，最新的在最前</p></header>
<main>{_form(services, search)}<div class="card">{rows}</div></main>"""
    return _page("调用链路", body)


def trace_page(trace_id: str, spans: Sequence[Span]) -> str:
    """One trace; each row opens to show what is known of the span."""
    rows = arrange(spans)
    first = rows[0].span
    whole = max(span.end for span in spans) - min(span.start for span in spans)
    errors = sum(1 for span in spans if span.error)
    facts = [_when(min(span.start for span in spans)), f"历时 {duration(whole)}", f"{len(spans)} 段"]
    bad = f'<span class="tag bad">{errors} 处出错</span>' if errors else ""
    ticks = "".join(f'<span style="left:{step * 25}%">{duration(whole * step / 4)}</span>' for step in range(5))
    services = dict.fromkeys(span.service for span in sorted(spans, key=lambda one: one.start))
    body = f"""<header><p><a href="/">← 全部链路</a></p><h1>{_breakable(first.name)}</h1>
<p>{" · ".join(facts)}</p><p>{_tags(list(services))}{bad}</p><p class="id">{trace_id}</p></header>
<main><div class="card"><div class="axis"><div>{ticks}</div></div>{"".join(_span(row) for row in rows)}</div>
<p class="soft">点按任意一行，查看该段的属性。<a href="/traces/{trace_id}.svg">另存为图片（SVG）</a></p></main>"""
    return _page(first.name, body)


def missing_page(trace_id: str) -> str:
    """For a trace that is not kept, or has not arrived yet."""
    body = f"""<header><h1>没有这条链路</h1><p class="id">{escape(trace_id[:64])}</p></header>
<main><p>可能尚未上报（约需一秒，可刷新重试），也可能太旧已被清理。</p><p><a href="/">← 全部链路</a></p></main>"""
    return _page("没有这条链路", body)


def _page(title: str, body: str) -> str:
    return f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)} · 官微链路</title>
<link rel="icon" href="data:,"><style>{_STYLE}</style></head><body>{body}</body></html>"""


def _form(services: Sequence[str], search: Search) -> str:
    options = "".join(
        f'<option value="{escape(name)}"{" selected" if name == search.service else ""}>{_label(name)}</option>'
        for name in services
    )
    checked = " checked" if search.errors else ""
    return f"""<form action="/" method="get" role="search">
<input type="search" name="q" value="{escape(search.text)}" placeholder="链路编号或名称" aria-label="链路编号或名称">
<select name="service" aria-label="服务"><option value="">全部服务</option>{options}</select>
<label class="check"><input type="checkbox" name="errors" value="1"{checked}>只看出错</label>
<button>查找</button></form>"""


def _trace(trace: Summary) -> str:
    bad = f'<span class="tag bad">{trace.errors} 处出错</span>' if trace.errors else ""
    return f"""<a class="trace" href="/traces/{trace.trace_id}"><b>{_breakable(trace.name)}</b>
<span class="num">{duration(trace.seconds)}</span><span>{_tags(trace.services)}{bad}</span>
<span class="num soft">{trace.spans} 段</span>
<span class="soft">{_when(trace.start)} · <code>{trace.trace_id[:8]}</code></span></a>"""


def _span(row: Row) -> str:
    span, shade = row.span, colour(row.span.service)
    indent = f"padding-left:{min(row.depth, 10) * 14}px"
    bar = f"left:{min(row.left, 0.995):.3%};width:{min(row.width, 1 - row.left):.3%};background:{shade}"
    return f"""<details{' class="failed"' if span.error else ""}><summary><span class="name" style="{indent}">
<i style="background:{shade}"></i><span>{escape(span.name)}</span><em>{duration(span.seconds)}</em></span>
<span class="track"><i style="{bar}"></i></span></summary>{_facts(span)}</details>"""


def _facts(span: Span) -> str:
    pairs: list[tuple[str, object]] = [
        ("服务", f"{LABELS.get(span.service, span.service)}（{span.service}）"),
        ("类型", _KINDS[span.kind]),
        ("开始", _when(span.start)),
    ]
    if span.error:
        pairs.append(("错误", span.error))
    pairs += [(key, value) for key, value in sorted(span.attributes.items())]
    for event in span.events:
        told = " ".join(f"{key}={value}" for key, value in event["attributes"].items())
        pairs.append((f"事件 +{duration(event['after'])}", f"{event['name']} {told}"))
    pairs.append(("编号", span.span_id))
    listed = "".join(f"<dt>{escape(str(key))}</dt><dd>{escape(str(value))}</dd>" for key, value in pairs)
    linked = "".join(f'<p><a href="/traces/{trace_id}">相关链路 {trace_id[:8]}</a></p>' for trace_id in span.links)
    return f'<div class="facts"><dl>{listed}</dl>{linked}</div>'


def _tags(services: Sequence[str]) -> str:
    return "".join(f'<span class="tag" style="background:{colour(name)}">{_label(name)}</span>' for name in services)


def _label(service: str) -> str:
    return escape(LABELS.get(service, service))


def _breakable(name: str) -> str:
    """A name that may be broken after its slashes and dots."""
    return escape(name).replace("/", "/<wbr>").replace(".", ".<wbr>")


def _when(start: float) -> str:
    at = datetime.fromtimestamp(start, _SHANGHAI)
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d}"
