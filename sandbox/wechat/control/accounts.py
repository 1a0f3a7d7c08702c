"""Accounts and their console settings."""

from typing import Any, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from sandbox.wechat import ids, mass, menus, publishing
from sandbox.wechat.content import Template
from sandbox.wechat.control.parts import Here, Owner
from sandbox.wechat.pusher import handshake
from sandbox.wechat.records import Account, Mode

_ALPHANUMERIC = "^[A-Za-z0-9]{3,32}$"
_AES_KEY = "^[A-Za-z0-9]{43}$"


class AccountFields(BaseModel):
    """What may be set of an account; what is left out keeps its value, or gets one of its own when new."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=60)
    secret: str | None = Field(default=None, min_length=1, max_length=64)
    original_id: str | None = Field(default=None, pattern="^gh_[0-9a-z]{6,20}$")
    kind: Literal["subscription", "service"] | None = None
    verified: bool | None = None
    avatar: str | None = None
    intro: str | None = None
    token: str | None = Field(default=None, pattern=_ALPHANUMERIC)
    encoding_aes_key: str | None = Field(default=None, pattern=_AES_KEY)
    mode: Mode | None = None
    oauth_domains: list[str] | None = Field(default=None, max_length=2)
    js_domains: list[str] | None = Field(default=None, max_length=5)
    ip_whitelist: list[str] | None = None
    community_url: str | None = None
    open_platform: bool | None = None
    snapshot_users: bool | None = None
    mass_protection: bool | None = None
    mass_per_day: int | None = Field(default=None, ge=0)
    mass_per_month: int | None = Field(default=None, ge=0)
    comment_right: bool | None = None
    secret_frozen: bool | None = None
    punished: bool | None = None
    frozen: bool | None = None


class NewAccount(AccountFields):
    name: str = Field(min_length=1, max_length=60)
    appid: str | None = Field(default=None, pattern="^wx[0-9a-z]{6,30}$")


class CallbackConfig(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str = Field(pattern="^https?://")
    token: str | None = Field(default=None, pattern=_ALPHANUMERIC)
    encoding_aes_key: str | None = Field(default=None, pattern=_AES_KEY)
    mode: Mode | None = None


class Confirmation(BaseModel):
    confirm: bool


class NewTemplate(BaseModel):
    title: str
    fields: list[str] = Field(min_length=1)
    subscribe: bool = False
    template_id: str = ""


async def list_accounts(here: Here) -> list[Account]:
    return here.world.accounts.all("")


async def create_account(body: NewAccount, here: Here) -> Account:
    """Open an account; identifiers and keys that are not given are made."""
    given = body.model_dump(exclude_none=True)
    appid = given.pop("appid", None) or ids.appid()
    if here.world.accounts.get("", appid):
        raise HTTPException(409, f"account {appid} exists")
    made: dict[str, Any] = {
        "secret": ids.app_secret(),
        "original_id": ids.original_id(),
        "token": ids.alphanumeric(24),
        "encoding_aes_key": ids.alphanumeric(43),
        "created_at": here.world.clock.now(),
    }
    return here.world.save_account(Account(appid=appid, **{**made, **given}))


async def read_account(account: Owner) -> Account:
    return account


async def change_account(body: AccountFields, account: Owner, here: Here) -> Account:
    changed = account.model_copy(update=body.model_dump(exclude_none=True))
    return here.world.save_account(changed)


async def delete_account(account: Owner, here: Here) -> None:
    here.world.accounts.delete("", account.appid)


async def set_callback(body: CallbackConfig, account: Owner, here: Here) -> dict[str, Any]:
    """Save the callback configuration, which works only if the server echoes: else the old one stays."""
    given = body.model_dump(exclude_none=True, exclude={"url"})
    wanted = account.model_copy(update={**given, "callback_url": body.url, "callback_enabled": True})
    world = here.world
    attempt = await handshake(
        body.url, wanted.token, now=world.clock.now(), timeout=world.settings.push_timeout_seconds
    )
    if not attempt.error:
        world.save_account(wanted)
    return {"enabled": not attempt.error, **attempt.model_dump()}


async def disable_callback(account: Owner, here: Here) -> Account:
    account.callback_enabled = False
    return here.world.save_account(account)


async def read_menu(account: Owner, here: Here, openid: str = "") -> dict[str, Any]:
    """The menu as a follower sees it, or the default one."""
    follower = here.world.followers.get(account.appid, openid)
    menu = menus.menu_for(here.world, account, follower) if follower else menus.default_menu(here.world, account.appid)
    return {"button": menu.button if menu else []}


async def list_content(account: Owner, here: Here, what: str) -> list[dict[str, Any]]:
    """All of an account's drafts, publications, mass-sends, media, templates, tags or qrcodes."""
    world = here.world
    found: dict[str, Any] = {
        "drafts": world.drafts,
        "publications": world.publications,
        "mass-sends": world.mass_jobs,
        "media": world.media,
        "templates": world.templates,
        "tags": world.tags,
    }
    if what == "qrcodes":
        return [code.model_dump() for code in world.qrcodes.all("") if code.appid == account.appid]
    if what not in found:
        raise HTTPException(404, f"no such content: {what}")
    return [record.model_dump() for record in found[what].all(account.appid)]


async def confirm_mass_send(msg_id: int, body: Confirmation, account: Owner, here: Here) -> dict[str, Any]:
    """The administrator's yes or no to a protected mass send."""
    job = here.world.mass_jobs.get(account.appid, mass.job_key(msg_id))
    if job is None or job.confirmation != "waiting":
        raise HTTPException(409, "nothing to confirm")
    await mass.decide(here, job, confirm=body.confirm)
    return job.model_dump()


async def ban_publication(publish_id: str, account: Owner, here: Here) -> dict[str, Any]:
    job = here.world.publications.get(account.appid, publish_id)
    if job is None or not job.article_id:
        raise HTTPException(404, "no such published set")
    publishing.ban(here.world, job)
    return job.model_dump()


async def add_template(body: NewTemplate, account: Owner, here: Here) -> Template:
    """Give the account a message template, which in reality is picked on the console."""
    template = Template(
        template_id=body.template_id or ids.alphanumeric(43),
        title=body.title,
        fields=body.fields,
        subscribe=body.subscribe,
    )
    return here.world.templates.put(account.appid, template.template_id, template)


def routes() -> APIRouter:
    router = APIRouter(tags=["accounts"])
    one = "/accounts/{appid}"
    router.add_api_route("/accounts", list_accounts, methods=["GET"])
    router.add_api_route("/accounts", create_account, methods=["POST"], status_code=201)
    router.add_api_route(one, read_account, methods=["GET"])
    router.add_api_route(one, change_account, methods=["PATCH"])
    router.add_api_route(one, delete_account, methods=["DELETE"], status_code=204)
    router.add_api_route(f"{one}/callback", set_callback, methods=["PUT"])
    router.add_api_route(f"{one}/callback", disable_callback, methods=["DELETE"])
    router.add_api_route(f"{one}/menu", read_menu, methods=["GET"])
    router.add_api_route(f"{one}/content/{{what}}", list_content, methods=["GET"])
    router.add_api_route(f"{one}/templates", add_template, methods=["POST"], status_code=201)
    router.add_api_route(f"{one}/mass-sends/{{msg_id}}/confirmation", confirm_mass_send, methods=["POST"])
    router.add_api_route(f"{one}/publications/{{publish_id}}/ban", ban_publication, methods=["POST"])
    return router
