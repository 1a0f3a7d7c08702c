"""What the platform knows: accounts, people, their relation to accounts, and the logs of what happened."""

from typing import Any, Literal

from pydantic import Field

from sandbox.wechat.store import Record

AccountClass = Literal["usub", "vsub", "usvc", "vsvc"]
Mode = Literal["plain", "compatible", "safe"]


class Account(Record):
    """An official account as its console shows it."""

    appid: str
    secret: str
    name: str
    original_id: str
    kind: Literal["subscription", "service"] = "service"
    verified: bool = True
    avatar: str = ""
    intro: str = ""
    token: str = ""
    encoding_aes_key: str = ""
    mode: Mode = "safe"
    callback_url: str = ""
    callback_enabled: bool = False
    oauth_domains: list[str] = Field(default_factory=list, max_length=2)
    js_domains: list[str] = Field(default_factory=list, max_length=5)
    ip_whitelist: list[str] = Field(default_factory=list)
    community_url: str = ""
    open_platform: bool = True
    snapshot_users: bool = False
    mass_protection: bool = False
    mass_per_day: int = 1
    mass_per_month: int = 4
    comment_right: bool = True
    secret_frozen: bool = False
    punished: bool = False
    frozen: bool = False
    mass_speed: int = 0
    created_at: float = 0.0

    @property
    def account_class(self) -> AccountClass:
        if self.kind == "subscription":
            return "vsub" if self.verified else "usub"
        return "vsvc" if self.verified else "usvc"


class Person(Record):
    """Somebody with WeChat on the phone; becomes a follower of any number of accounts."""

    person_id: str
    nickname: str
    avatar: str = ""


class Window(Record):
    """How many customer-service messages an act of the follower still allows, and until when."""

    cause: str
    expires_at: float
    left: int


class Follower(Record):
    """A person as one account sees them."""

    appid: str
    openid: str
    person_id: str
    subscribed: bool = False
    subscribe_time: int = 0
    subscribe_scene: str = "ADD_SCENE_SEARCH"
    qr_scene: int = 0
    qr_scene_str: str = ""
    tags: list[int] = Field(default_factory=list)
    remark: str = ""
    blacklisted: bool = False
    refuses_messages: bool = False
    windows: list[Window] = Field(default_factory=list)
    grants: dict[str, int] = Field(default_factory=dict)


class Message(Record):
    """One line of the chat between a follower and an account."""

    seq: int
    at: float
    sender: Literal["follower", "account", "platform"]
    kind: str
    text: str = ""
    image_url: str = ""
    articles: list[dict[str, Any]] = Field(default_factory=list)
    buttons: list[dict[str, str]] = Field(default_factory=list)
    tail: str = ""
    origin: str = ""


class Token(Record):
    token: str
    appid: str
    family: Literal["token", "stable_token"]
    issued_at: float
    expires_at: float
    superseded: bool = False


class TokenState(Record):
    """Which token of each family is the current one, and how often a refresh was forced."""

    current: dict[str, str] = Field(default_factory=dict)
    forced_at: float = 0.0
    forced: dict[str, int] = Field(default_factory=dict)


class Ticket(Record):
    ticket: str
    expires_at: float


class Usage(Record):
    used: int = 0


class CallRecord(Record):
    """One request to the API, as `openapi/rid/get` tells it."""

    rid: str
    at: float
    appid: str
    method: str
    path: str
    url: str
    client_ip: str
    request_body: str = ""
    response_body: str = ""
    errcode: int = 0
    cost_ms: int = 0
    fault: str = ""


class Entry(Record):
    """One accepted effect. The ledger is only ever added to."""

    seq: int
    at: float
    appid: str
    kind: str
    rid: str = ""
    detail: dict[str, Any] = Field(default_factory=dict)


class Attempt(Record):
    at: float
    seconds: float
    query: dict[str, str] = Field(default_factory=dict)
    status: int = 0
    answer: str = ""
    error: str = ""


class Push(Record):
    """A callback: the plain body never changes over its tries; timestamp, nonce and signature do."""

    push_id: str
    appid: str
    event: str
    openid: str
    body: str
    created_at: float
    url: str = ""
    mode: Mode = "plain"
    answerable: bool = False
    single_article: bool = False
    tries: list[Attempt] = Field(default_factory=list)
    outcome: str = ""
    explanation: str = ""


class Timer(Record):
    timer_id: str
    due_at: float
    kind: str
    appid: str
    subject: str


class Settings(Record):
    """Knobs of the whole sandbox; every one may change while it runs."""

    mass_seconds: float = 0.3
    publish_seconds: float = 0.3
    template_seconds: float = 0.1
    mass_confirm_seconds: float = 1800.0
    push_timeout_seconds: float = 5.0
    push_tries: int = 3
    push_pause_seconds: float = 0.3
    literal_unicode_escapes: bool = True
    require_https: bool = False
    strict_oauth_state: bool = True
    custom_messages_per_48h: int = 5
    content_max_characters: int = 20_000
    daily_limits: dict[str, int] = Field(default_factory=dict)
    minute_limits: dict[str, int] = Field(default_factory=dict)
    clock_offset: float = 0.0
