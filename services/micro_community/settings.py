"""Every knob of micro_community."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from kit.settings import ServiceSettings


class CommunitySettings(ServiceSettings):
    """On top of what every service has."""

    wechat_open_url: str = "https://open.weixin.qq.com"
    """Where WeChat's authorisation page is, without a trailing slash."""
    page_path: str = "/h5/{account_id}"
    """The page a follower lands on when sign-in was not started from another one."""
    post_page_path: str = "/h5/{account_id}/posts/{post_id}"
    """The page of a post, where a notice outside of the page leads."""
    notice_after_seconds: float = Field(default=60.0, ge=0)
    """How long a notification may wait to be read on the page before it is sent outside of it."""
    session_hours: int = Field(default=24, ge=1, le=24 * 30)
    """How long a follower stays signed in; inside WeChat the next sign-in is silent."""
    exchange_seconds: float = Field(default=8.0, gt=0)
    """How long publisher may take to exchange an OAuth code."""
    heartbeat_seconds: float = Field(default=15.0, gt=0)
    """Pause between the comments that keep an event stream open."""
    live_poll_seconds: float = Field(default=1.0, gt=0)
    """How late an open page learns of something when the wake-up hint was lost."""
    picture_folder: Path = Path(".guanwei/pictures")
    """Where members' pictures are kept; all replicas share it."""
    max_body_bytes: int = Field(default=11_000_000, gt=0)
    """Room for one picture of 10 MB and its envelope."""
    schedule_seconds: float = Field(default=2.0, gt=0)
    """How often scheduled posts are looked for."""
    webhook_private: bool = False
    """True: webhooks may lead into the own network and use `http`. For development only."""
