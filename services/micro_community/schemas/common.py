"""What bodies have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.micro_community.domain.picture import PictureSize

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_-]+$")]
OptionText = Annotated[str, StringConstraints(max_length=80)]
"""Of a poll."""


class Body(BaseModel):
    """What is sent to us: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Done(BaseModel):
    """It was done. `changed` False: it was so before."""

    changed: bool = True


class AuthorView(BaseModel):
    """Who wrote: a member, or the account itself (`official`, no `member_id`)."""

    member_id: str | None
    nickname: str
    avatar_url: str | None
    official: bool = False
    moderator: bool = False
    level: int = 1


class PictureView(BaseModel):
    """Width and height are those of `large`. The addresses are paths on this site."""

    picture_id: str
    width: int
    height: int
    thumb: str
    large: str

    @classmethod
    def of(cls, account_id: str, size: PictureSize) -> PictureView:
        path = f"/community/{account_id}/pictures/{size.picture_id}"
        return cls(
            picture_id=size.picture_id,
            width=size.width,
            height=size.height,
            thumb=f"{path}/thumb",
            large=f"{path}/large",
        )


class LinkView(BaseModel):
    """An address in the text, to a host that the community allows."""

    url: str
    host: str
    title: str | None = None
    """Of an article of the account's own that the community knows; of nothing else."""
    cover: str | None = None
