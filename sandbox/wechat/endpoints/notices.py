"""Template messages (verified service accounts) and subscribe notices (§3.11)."""

import json
from typing import Any, Final

from sandbox.wechat import chat, notices
from sandbox.wechat.calls import VERIFIED, VERIFIED_SERVICE, Answer, Call, Document, Endpoint, ok, text
from sandbox.wechat.content import Template
from sandbox.wechat.endpoints import users
from sandbox.wechat.errors import WeChatError

# How long the value of a keyword field may be, by the kind that its name begins with.
_LENGTHS: Final = {
    "thing": 20,
    "short_thing": 5,
    "character_string": 32,
    "phrase": 5,
    "name": 10,
    "time": 32,
    "date": 32,
    "amount": 16,
    "number": 32,
    "phone_number": 17,
    "letter": 32,
    "symbol": 5,
    "const": 20,
}


def _template(call: Call, body: Document, *, subscribe: bool) -> Template:
    template = call.world.templates.get(call.appid, text(body, "template_id", 40037))
    if template is None or template.subscribe != subscribe:
        raise WeChatError(40037)
    return template


def _values(template: Template, body: Document) -> dict[str, str]:
    """The values of all fields of a template, each within its length."""
    given = body.get("data")
    values = {}
    for field in template.fields:
        item = given.get(field) if isinstance(given, dict) else None
        value = item.get("value") if isinstance(item, dict) else None
        limit = _LENGTHS.get(field.rstrip("0123456789"), 200)
        if not isinstance(value, str) or not value or len(value) > limit:
            raise WeChatError(47003, f"argument invalid! data.{field}.value invalid")
        values[field] = value
    return values


def _card(template: Template, values: dict[str, str], body: Document) -> dict[str, Any]:
    lines = "\n".join(f"{field}：{value}" for field, value in values.items())
    link = str(body.get("url") or body.get("page") or "")
    return {"articles": [{"title": template.title, "description": lines, "picture": "", "url": link}]}


def send_template(call: Call) -> Answer:
    body = call.json()
    follower = users.find(call, text(body, "touser", 41009))
    template = _template(call, body, subscribe=False)
    values = _values(template, body)
    if not follower.subscribed:
        raise WeChatError(43004)
    msg_id = call.world.number()
    if not follower.refuses_messages:
        chat.add(call.world, follower, "account", "notice_card", origin="template", **_card(template, values, body))
    subject = json.dumps({"openid": follower.openid, "msg_id": msg_id})
    call.world.set_timer(call.world.settings.template_seconds, notices.TIMER, call.appid, subject)
    call.note("template_message", openid=follower.openid, template_id=template.template_id, data=values)
    return ok(msgid=msg_id)


def send_notice(call: Call) -> Answer:
    """One notice for one acceptance."""
    body = call.json()
    follower = users.find(call, text(body, "touser", 41009))
    template = _template(call, body, subscribe=True)
    values = _values(template, body)
    left = follower.grants.get(template.template_id, 0)
    if left < 1:
        raise WeChatError(43101)
    follower.grants[template.template_id] = left - 1
    call.world.save_follower(follower)
    chat.add(call.world, follower, "account", "notice_card", origin="notice", **_card(template, values, body))
    sent = {"openid": follower.openid, "template_id": template.template_id, "msg_id": call.world.number()}
    seconds = call.world.settings.template_seconds
    call.world.set_timer(seconds, notices.NOTICE_TIMER, call.appid, json.dumps(sent))
    call.note("subscribe_notice", openid=follower.openid, template_id=template.template_id, data=values)
    return ok()


def list_templates(call: Call) -> Answer:
    own = [template for template in call.world.templates.all(call.appid) if not template.subscribe]
    shown = []
    for template in own:
        content = "\n".join(f"{field}:{{{{{field}.DATA}}}}" for field in template.fields)
        shown.append({"template_id": template.template_id, "title": template.title, "content": content})
    return {"template_list": shown}


def delete_template(call: Call) -> Answer:
    template = _template(call, call.json(), subscribe=False)
    call.world.templates.delete(call.appid, template.template_id)
    return ok()


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/message/template/send", send_template, VERIFIED_SERVICE, daily=100_000),
    Endpoint("POST", "/cgi-bin/message/subscribe/bizsend", send_notice, VERIFIED, daily=100_000),
    Endpoint("GET", "/cgi-bin/template/get_all_private_template", list_templates, VERIFIED_SERVICE),
    Endpoint("POST", "/cgi-bin/template/del_private_template", delete_template, VERIFIED_SERVICE),
)
