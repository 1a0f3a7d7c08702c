"""qrcode/create and ticket/getticket (§3.9, §5.2)."""

from sandbox.wechat import ids
from sandbox.wechat.calls import VERIFIED_SERVICE, Answer, Call, Document, Endpoint, integer
from sandbox.wechat.content import QrCode
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.records import Ticket

LONGEST, DEFAULT_SECONDS, PERMANENT_CODES = 2_592_000, 60, 100_000
TICKET_SECONDS = 7200


def _scene(body: Document, action: str) -> tuple[int, str]:
    info = body.get("action_info")
    scene = info.get("scene") if isinstance(info, dict) else None
    if not isinstance(scene, dict):
        raise WeChatError(40053)
    if action.endswith("STR_SCENE"):
        name = scene.get("scene_str")
        if not isinstance(name, str) or not 1 <= len(name) <= 64:
            raise WeChatError(40053)
        return 0, name
    number = integer(scene, "scene_id", wrong=40053)
    if not 1 <= number <= (100_000 if action == "QR_LIMIT_SCENE" else 2**32 - 1):
        raise WeChatError(40053)
    return number, ""


def create(call: Call) -> Answer:
    body = call.json()
    action = body.get("action_name")
    if action not in ("QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"):
        raise WeChatError(40053)
    scene_id, scene_str = _scene(body, action)
    own = [code for code in call.world.qrcodes.all("") if code.appid == call.appid and code.expires_at is None]
    temporary = "LIMIT" not in action
    if not temporary and len(own) >= PERMANENT_CODES:
        raise WeChatError(40053)
    seconds = integer(body, "expire_seconds", DEFAULT_SECONDS, 40053) if temporary else 0
    if temporary and not 1 <= seconds <= LONGEST:
        raise WeChatError(40053)
    code = QrCode(
        ticket=ids.ticket() + "==",
        appid=call.appid,
        scene_id=scene_id,
        scene_str=scene_str,
        expires_at=call.now + seconds if temporary else None,
        url=f"{call.world.public_url}/q/{ids.alphanumeric(22)}",
    )
    call.world.qrcodes.put("", code.ticket, code)
    answer = {"ticket": code.ticket, "url": code.url}
    return {**answer, "expire_seconds": seconds} if temporary else answer


def ticket(call: Call) -> Answer:
    """A ticket for signing pages; the same one while it is valid."""
    kind = call.query("type")
    if kind not in ("jsapi", "wx_card"):
        raise WeChatError(40097)
    now, known = call.now, call.world.tickets.get(call.appid, kind)
    if known is None or known.expires_at <= now:
        known = Ticket(ticket=ids.ticket(), expires_at=now + TICKET_SECONDS)
        call.world.tickets.put(call.appid, kind, known)
    seconds = max(1, round(known.expires_at - now))
    return {"errcode": 0, "errmsg": "ok", "ticket": known.ticket, "expires_in": seconds}


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/qrcode/create", create, VERIFIED_SERVICE, daily=100_000),
    Endpoint("GET", "/cgi-bin/ticket/getticket", ticket, daily=1_000_000),
)
