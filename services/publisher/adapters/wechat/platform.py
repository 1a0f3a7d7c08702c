"""The platform in publisher's words; WeChat's own stay in here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from contracts.asks import OAuthIdentity
from kit.clock import Clock
from services.publisher.adapters.wechat import follower_messages
from services.publisher.adapters.wechat.client import Call, Client, File
from services.publisher.adapters.wechat.errors import (
    NO_MENU,
    SEEN_BEFORE,
    Reaction,
    oauth_refusal,
    reaction_to,
)
from services.publisher.adapters.wechat.tokens import AccessTokens, CredentialsInUse, InUse, Issued, Shared
from services.publisher.domain.follower_message import FollowerMessage
from services.publisher.ports import (
    Accepted,
    Draft,
    Picture,
    PlatformRefused,
    PlatformSilent,
    PlatformUnreachable,
    SendCall,
)

T = TypeVar("T")
THUMB_BYTES = 64 * 1024
SUFFIXES = {"image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True)
class HttpWeChat:
    """Implements the port `WeChat`."""

    client: Client
    credentials: CredentialsInUse
    tokens: AccessTokens
    shared: Shared
    clock: Clock

    async def verify(self, account_id: str) -> None:
        await self.tokens.verify(await self.credentials.of(account_id))

    async def live_menu(self, account_id: str) -> dict[str, Any] | None:
        try:
            answer = await self._call(account_id, Call("get_current_selfmenu_info"))
        except PlatformRefused as refused:
            if refused.code == NO_MENU:
                return None
            raise
        return _read(answer, _menu)

    async def upload_article_picture(self, account_id: str, picture: Picture) -> str:
        answer = await self._call(account_id, Call("media/uploadimg", file=_file(picture)))
        return _read(answer, lambda found: str(found["url"]))

    async def upload_cover(self, account_id: str, picture: Picture) -> str:
        """A thumb proper is a small jpg; as the cover of an article any permanent picture will do."""
        small = picture.media_type == "image/jpeg" and len(picture.content) <= THUMB_BYTES
        query = {"type": "thumb" if small else "image"}
        answer = await self._call(account_id, Call("material/add_material", query=query, file=_file(picture)))
        return _read(answer, lambda found: str(found["media_id"]))

    async def add_draft(self, account_id: str, articles: Sequence[Draft]) -> str:
        answer = await self._call(account_id, Call("draft/add", {"articles": [_article(draft) for draft in articles]}))
        return _read(answer, lambda found: str(found["media_id"]))

    async def send_to_all(self, account_id: str, call: SendCall) -> Accepted:
        whom = {"is_to_all": True} if call.tag_id is None else {"is_to_all": False, "tag_id": call.tag_id}
        body = {
            "filter": whom,
            "msgtype": "mpnews",
            "mpnews": {"media_id": call.media_id},
            "send_ignore_reprint": int(call.ignore_reprint),
            "clientmsgid": call.client_msg_id,
        }
        try:
            answer = await self._call(account_id, Call("message/mass/sendall", body))
        except PlatformRefused as refused:
            if refused.code != SEEN_BEFORE:
                raise
            return _read(dict(refused.facts), lambda found: _accepted(found, repeated=True))
        return _read(answer, lambda found: _accepted(found, repeated=False))

    async def mass_send_state(self, account_id: str, msg_id: int) -> str:
        answer = await self._call(account_id, Call("message/mass/get", {"msg_id": msg_id}))
        return _read(answer, lambda found: str(found["msg_status"]))

    async def tell(self, account_id: str, message: FollowerMessage) -> None:
        try:
            await self.tokens.get(await self.credentials.of(account_id))
        except PlatformSilent as silent:
            raise PlatformUnreachable from silent
        await self._call(account_id, follower_messages.call_of(message))

    def refusal_of_message(self, errcode: int) -> str:
        return follower_messages.refusal_text(errcode)

    async def exchange_code(self, account_id: str, code: str) -> OAuthIdentity:
        in_use = await self.credentials.of(account_id)
        try:
            answer = await self.client.exchange_code(in_use.credentials, code)
            profile: dict[str, Any] = {}
            if "snsapi_userinfo" in str(answer.get("scope", "")):
                openid, token = _read(answer, lambda found: (str(found["openid"]), str(found["access_token"])))
                profile = await self.client.profile(in_use.credentials, openid, token)
            return _read({**profile, **answer}, _identity)
        except PlatformRefused as refused:
            raise oauth_refusal(refused) from refused
        except PlatformSilent as silent:
            raise PlatformUnreachable from silent

    async def follows(self, account_id: str, openid: str) -> bool:
        try:
            answer = await self._call(account_id, Call("user/info", query={"openid": openid}))
            return _read(answer, lambda found: int(found["subscribe"]) == 1)
        except (PlatformRefused, PlatformSilent) as error:
            raise PlatformUnreachable from error

    async def sign_page(self, account_id: str, url: str, *, nonce: str, timestamp: int) -> tuple[str, str]:
        in_use = await self.credentials.of(account_id)
        try:
            ticket = await self.shared.get(
                f"{account_id}|jsapi_ticket", in_use.number, lambda: self._fetch_ticket(account_id)
            )
        except (PlatformRefused, PlatformSilent) as error:
            raise PlatformUnreachable from error
        signed = f"jsapi_ticket={ticket.text}&noncestr={nonce}&timestamp={timestamp}&url={url}"
        return in_use.credentials.app_id, hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest()

    async def _fetch_ticket(self, account_id: str) -> Issued:
        answer = await self._call(account_id, Call("ticket/getticket", query={"type": "jsapi"}))
        return _read(answer, lambda found: Issued(str(found["ticket"]), int(found["expires_in"])))

    async def _call(self, account_id: str, call: Call) -> dict[str, Any]:
        """Call with the token in use; if the platform refuses that, once more with a new one."""
        in_use: InUse = await self.credentials.of(account_id)
        app_id = in_use.credentials.app_id
        held = await self.tokens.get(in_use)
        try:
            return await self.client.call(app_id, call, held.text)
        except PlatformRefused as refused:
            if reaction_to(refused.code) is not Reaction.REFRESH:
                raise
        held = await self.tokens.replace(in_use, held)
        return await self.client.call(app_id, call, held.text)


def _read(answer: dict[str, Any], take: Callable[[dict[str, Any]], T]) -> T:
    """Take what is needed out of an answer; one without it is as good as none."""
    try:
        return take(answer)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise PlatformSilent("the answer lacks what it should hold") from None


def _file(picture: Picture) -> File:
    # The platform refuses names without a suffix.
    return File(f"{picture.sha256[:16]}.{SUFFIXES[picture.media_type]}", picture.content, picture.media_type)


def _article(draft: Draft) -> dict[str, Any]:
    return {
        "article_type": "news",
        "title": draft.title,
        "author": draft.author,
        "digest": draft.digest,
        "content": draft.content,
        "content_source_url": draft.content_source_url,
        "thumb_media_id": draft.cover_media_id,
        "need_open_comment": int(draft.need_open_comment),
        "only_fans_can_comment": int(draft.only_followers_can_comment),
    }


def _accepted(answer: dict[str, Any], *, repeated: bool) -> Accepted:
    data_id = answer.get("msg_data_id")
    return Accepted(int(answer["msg_id"]), int(data_id) if data_id is not None else None, repeated)


def _menu(answer: dict[str, Any]) -> dict[str, Any] | None:
    """The menu in the shape in which one is made: `{"button": [{…, "sub_button": […]}]}`."""
    buttons = answer["selfmenu_info"]["button"]
    if not answer.get("is_menu_open") or not buttons:
        return None
    return {"button": [{**button, "sub_button": _children(button)} for button in buttons]}


def _children(button: dict[str, Any]) -> list[Any]:
    children = button.get("sub_button") or []
    return list(children["list"]) if isinstance(children, dict) else list(children)


def _identity(found: dict[str, Any]) -> OAuthIdentity:
    return OAuthIdentity(
        openid=found["openid"],
        unionid=found.get("unionid"),
        scope=str(found.get("scope", "")),
        is_snapshot_user=bool(found.get("is_snapshotuser", 0)),
        nickname=found.get("nickname"),
        avatar_url=found.get("headimgurl"),
    )
