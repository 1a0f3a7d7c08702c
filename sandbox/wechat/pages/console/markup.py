"""Small pieces of markup that the panels share. Everything that came from outside is escaped here or by the caller."""

import json
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from sandbox.wechat.clock import beijing
from sandbox.wechat.records import Account, Follower
from sandbox.wechat.world import World


@dataclass(frozen=True)
class View:
    """What the page is looking at: an account and one of its followers, or neither."""

    world: World
    account: Account | None
    follower: Follower | None

    def link(self, *, appid: str = "", openid: str = "") -> str:
        return "/?" + urlencode({"appid": appid, "openid": openid})

    def api(self, rest: str = "") -> str:
        """The control address of the chosen account."""
        return f"/_control/accounts/{self.account.appid if self.account else ''}{rest}"

    def acts(self) -> str:
        return self.api(f"/followers/{self.follower.openid if self.follower else ''}/acts")


def clock_time(at: float) -> str:
    return beijing(at).strftime("%H:%M:%S")


def short_time(at: float) -> str:
    return beijing(at).strftime("%m-%d %H:%M")


def badge(text: str, tone: str = "") -> str:
    return f'<span class="badge {tone}">{escape(text)}</span>'


def api_button(label: str, call: str, body: dict[str, Any] | None = None, css: str = "", confirm: str = "") -> str:
    """A button that calls the control API: `call` is a method and a path, `body` its JSON."""
    payload = f' data-body="{escape(json.dumps(body, ensure_ascii=False))}"' if body is not None else ""
    asked = f' data-confirm="{escape(confirm)}"' if confirm else ""
    return f'<button type="button" class="{css}" data-api="{escape(call)}"{payload}{asked}>{escape(label)}</button>'


def field(label: str, name: str, *, value: str = "", hint: str = "", kind: str = "text") -> str:
    return (
        f"<label><span>{escape(label)}</span>"
        f'<input type="{kind}" name="{name}" value="{escape(value)}" placeholder="{escape(hint)}"></label>'
    )


def choice(label: str, name: str, options: dict[str, str], chosen: str = "") -> str:
    items = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in options.items()
    )
    return f'<label><span>{escape(label)}</span><select name="{name}">{items}</select></label>'


def folded(key: str, title: str, body: str, *, css: str = "", opened: bool = False) -> str:
    """A fold that stays as it is when the panel around it is drawn anew."""
    is_open = " open" if opened else ""
    return f'<details data-key="{escape(key)}" class="{css}"{is_open}><summary>{title}</summary>{body}</details>'


def picture_of(name: str, url: str, css: str = "face") -> str:
    """A picture, or the first character on a colour when there is none."""
    if url:
        return f'<img class="{css}" src="{escape(url)}" alt="">'
    tone = sum(name.encode()) % 6
    return f'<span class="{css} letter tone{tone}" aria-hidden="true">{escape(name[:1])}</span>'
