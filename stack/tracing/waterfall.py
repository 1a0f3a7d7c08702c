"""A trace as a picture: spans as rows of a tree, each with its bar on a common time axis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from stack.tracing.spans import Span

# Dark enough for white text (contrast of 4.5 and more), far enough apart to tell at a glance.
COLOURS: Mapping[str, str] = {
    "registry": "#0b65c2",
    "review": "#7a3fb0",
    "publisher": "#04793b",
    "micro_community": "#b34700",
    "wechat": "#0a7a7a",
}
# As people call them; a service that is not listed goes by its own name.
LABELS: Mapping[str, str] = {
    "registry": "登记备案",
    "review": "审核",
    "publisher": "发布",
    "micro_community": "微社区",
    "wechat": "微信沙箱",
}
_OTHER_COLOURS = ("#8a5a00", "#a3195b", "#4b5563", "#00629b", "#5b6f00")
ERROR_COLOUR = "#c62828"

_WIDTH, _NAMES, _ROW, _TOP, _MARGIN = 1200, 470, 24, 74, 16
_MOST_DEPTH = 12
_FONT = "system-ui, -apple-system, 'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"


@dataclass(frozen=True)
class Row:
    """A span in its place: `depth` in the tree; `left` and `width` as shares of the whole time, 0 to 1."""

    span: Span
    depth: int
    left: float
    width: float


def arrange(spans: Sequence[Span]) -> list[Row]:
    """The spans in tree order, children by start below their parent; whose parent is missing stands at the left."""
    if not spans:
        return []
    begin = min(span.start for span in spans)
    whole = max(max(span.end for span in spans) - begin, 1e-9)
    known = {span.span_id for span in spans}
    children: dict[str, list[Span]] = defaultdict(list)
    for span in sorted(spans, key=lambda one: one.start):
        children[span.parent_id if span.parent_id in known else ""].append(span)
    rows: list[Row] = []
    pending = [(span, 0) for span in reversed(children[""])]
    while pending:
        span, depth = pending.pop()
        rows.append(Row(span, depth, (span.start - begin) / whole, span.seconds / whole))
        pending += [(child, depth + 1) for child in reversed(children[span.span_id])]
    return rows


def colour(service: str) -> str:
    """The service's colour, the same in every picture."""
    return COLOURS.get(service) or _OTHER_COLOURS[sum(service.encode()) % len(_OTHER_COLOURS)]


def duration(seconds: float) -> str:
    """For people: microseconds, milliseconds or seconds with three digits."""
    if seconds == 0:
        return "0"
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.2f} s"


def render_svg(spans: Sequence[Span], title: str = "") -> str:
    """A picture that stands alone: fixed width, one row for each span, tool tips with the details."""
    rows = arrange(spans)
    height = _TOP + max(1, len(rows)) * _ROW + _MARGIN
    whole = max((span.end for span in spans), default=0.0) - min((span.start for span in spans), default=0.0)
    heading = title or (rows[0].span.name if rows else "")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="{escape(_FONT)}" font-size="12">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{_MARGIN}" y="26" font-size="16" font-weight="600" fill="#1f2328">{escape(heading)}</text>',
        _legend(spans),
        *_axis(whole, height),
        *(_row(row, _TOP + index * _ROW) for index, row in enumerate(rows)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _legend(spans: Sequence[Span]) -> str:
    parts, x = [], float(_MARGIN)
    for service in dict.fromkeys(span.service for span in sorted(spans, key=lambda one: one.start)):
        parts.append(f'<rect x="{x}" y="40" width="12" height="12" rx="2" fill="{colour(service)}"/>')
        label = LABELS.get(service, service)
        parts.append(f'<text x="{x + 17}" y="50" fill="#1f2328">{escape(label)}</text>')
        x += 36 + 6.5 * _breadth(label)
    return "".join(parts)


def _axis(whole: float, height: int) -> list[str]:
    lines = []
    for step in range(5):
        x = _NAMES + (_WIDTH - _NAMES - _MARGIN) * step / 4
        anchor = ("start", "middle", "middle", "middle", "end")[step]
        lines.append(f'<line x1="{x}" y1="{_TOP - 8}" x2="{x}" y2="{height - _MARGIN}" stroke="#e3e6ea"/>')
        lines.append(
            f'<text x="{x}" y="{_TOP - 12}" fill="#59636e" text-anchor="{anchor}">{duration(whole * step / 4)}</text>'
        )
    return lines


def _row(row: Row, y: int) -> str:
    span, axis = row.span, _WIDTH - _NAMES - _MARGIN
    indent = _MARGIN + 14 * min(row.depth, _MOST_DEPTH)
    room = (_NAMES - indent - 10) // 7
    name = span.name if _breadth(span.name) <= room else _shortened(span.name, room)
    x, width = _NAMES + axis * row.left, max(2.0, axis * row.width)
    edge = f' stroke="{ERROR_COLOUR}" stroke-width="2"' if span.error else ""
    return (
        f"<g><title>{escape(_tip(span))}</title>"
        f'<rect x="0" y="{y}" width="{_WIDTH}" height="{_ROW}" fill="{"#fdecea" if span.error else "transparent"}"/>'
        f'<rect x="{indent}" y="{y + 6}" width="4" height="12" rx="1" fill="{colour(span.service)}"/>'
        f'<text x="{indent + 9}" y="{y + 16}" fill="#1f2328">{escape(name)}</text>'
        f'<rect x="{x:.1f}" y="{y + 5}" width="{width:.1f}" height="14" rx="2" fill="{colour(span.service)}"{edge}/>'
        f'<text {_beside(x, width)} y="{y + 16}">{duration(span.seconds)}</text></g>'
    )


def _beside(x: float, width: float) -> str:
    """Where a bar's label goes: after it, inside its end, or before it, in this order of liking."""
    if x + width < _WIDTH - 75:
        return f'x="{x + width + 5:.1f}" fill="#59636e"'
    if width > 75:
        return f'x="{x + width - 6:.1f}" text-anchor="end" fill="#fff"'
    return f'x="{x - 5:.1f}" text-anchor="end" fill="#59636e"'


def _tip(span: Span) -> str:
    lines = [f"{span.service} · {span.name}", f"{duration(span.seconds)} · {span.kind}"]
    if span.error:
        lines.append(span.error)
    return "\n".join(lines + [f"{key} = {value}" for key, value in span.attributes.items()])


def _breadth(text: str) -> int:
    """In columns of a Latin letter: Chinese ones take two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _shortened(text: str, room: int) -> str:
    kept = text
    while kept and _breadth(kept) > room - 1:
        kept = kept[:-1]
    return kept + "…"
