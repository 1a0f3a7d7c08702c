"""Records of what an account says: media, drafts, articles, jobs."""

from typing import Any, Literal

from pydantic import Field

from sandbox.wechat.store import Record


class Image(Record):
    """A picture (or other file) that the sandbox serves itself."""

    image_id: str
    content_type: str
    sha256: str
    size: int


class Media(Record):
    """A material, temporary (with an end) or permanent."""

    media_id: str
    kind: Literal["image", "voice", "video", "thumb"]
    name: str
    image_id: str
    created_at: float
    expires_at: float | None = None
    title: str = ""
    introduction: str = ""


class Draft(Record):
    media_id: str
    articles: list[dict[str, Any]]
    created_at: float
    updated_at: float
    preview_ids: list[str] = Field(default_factory=list)


class Article(Record):
    """One article with a page of its own at `/s/<page_id>`."""

    page_id: str
    appid: str
    idx: int
    fields: dict[str, Any]
    published_at: float
    origin: Literal["mass_send", "publication", "preview"]
    set_id: str
    deleted: bool = False
    banned: bool = False
    reads: dict[str, int] = Field(default_factory=dict)
    readers: list[str] = Field(default_factory=list)
    comments_open: bool = False


class Publication(Record):
    """A freepublish job and, after success, the published set."""

    publish_id: str
    appid: str
    media_id: str
    msg_data_id: int
    submitted_at: float
    updated_at: float = 0.0
    status: int = 1
    article_id: str = ""
    page_ids: list[str] = Field(default_factory=list)
    fail_idx: list[int] = Field(default_factory=list)


class MassJob(Record):
    """A mass send. `state` is what mass/get answers; `status` what MASSSENDJOBFINISH says."""

    msg_id: int
    msg_data_id: int | None
    appid: str
    clientmsgid: str
    msgtype: str
    to_all: bool
    tag_id: int | None
    targets: list[str]
    receivers: list[str] = Field(default_factory=list)
    media_id: str = ""
    articles: list[dict[str, Any]] = Field(default_factory=list)
    text: str = ""
    ignore_reprint: bool = False
    submitted_at: float
    finished_at: float = 0.0
    state: Literal["SENDING", "SEND_SUCCESS", "SEND_FAIL", "DELETE"] = "SENDING"
    status: str = ""
    confirmation: Literal["", "waiting", "confirmed", "refused"] = ""
    page_ids: list[str] = Field(default_factory=list)
    total_count: int = 0
    filter_count: int = 0
    sent_count: int = 0
    error_count: int = 0


class ClientMsgId(Record):
    msg_id: int
    msg_data_id: int | None
    at: float
    repeated_at: float = 0.0


class Menu(Record):
    menu_id: int
    button: list[dict[str, Any]]
    matchrule: dict[str, Any] = Field(default_factory=dict)
    created_at: float


class Tag(Record):
    tag_id: int
    name: str


class Template(Record):
    template_id: str
    title: str
    fields: list[str]
    subscribe: bool = False


class QrCode(Record):
    ticket: str
    appid: str
    scene_id: int = 0
    scene_str: str = ""
    expires_at: float | None = None
    url: str


class OAuthCode(Record):
    code: str
    appid: str
    person_id: str
    scope: str
    expires_at: float
    snapshot: bool = False
    used: bool = False


class OAuthToken(Record):
    """A person's web token; reached by its access token and by its refresh token."""

    access_token: str
    refresh_token: str
    appid: str
    openid: str
    person_id: str
    scope: str
    expires_at: float
    refresh_expires_at: float
    snapshot: bool = False


class Comment(Record):
    user_comment_id: int
    openid: str
    created_at: int
    content: str
    elected: bool = False
    reply: str = ""
    replied_at: int = 0
    deleted: bool = False
