"""A callback of WeChat: followers who come, go or write."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.publisher import (
    FollowerAnsweredNotices,
    FollowerAuthorisationWithdrawn,
    FollowerFollowed,
    FollowerUnfollowed,
    MessageReceived,
)
from kit.transaction import Tx
from services.publisher.domain.follower import Follower, follower_id_of
from services.publisher.ports import Push, Records


@dataclass(frozen=True)
class ReceivePush:
    account_id: str
    push: Push


async def receive_push(tx: Tx, command: ReceivePush, *, records: Records) -> None:
    """Tell the others what the follower did."""
    match command.push.kind:
        case "message":
            tx.emit(_message(command))
        case "followed" | "unfollowed":
            await _change(tx, command, records)
        case "authorisation_withdrawn":
            tx.emit(_withdrawn(command))
        case "answered_notices" if command.push.answers:
            tx.emit(_answered(command))
        case _:
            return


async def _change(tx: Tx, command: ReceivePush, records: Records) -> None:
    push, follower_id = command.push, follower_id_of(command.account_id, command.push.openid)
    known = await records.followers.get(tx, follower_id)
    follower = known or Follower(follower_id, command.account_id, push.openid)
    if not follower.change(push.kind == "followed", push.created_at):
        return
    await records.followers.save(tx, follower)
    tx.emit(_followed(command, follower) if follower.following else _unfollowed(command, follower))


def _followed(command: ReceivePush, follower: Follower) -> FollowerFollowed:
    return FollowerFollowed(
        follower_id=follower.follower_id,
        account_id=command.account_id,
        openid=follower.openid,
        scene=command.push.scene,
        followed_at=command.push.created_at,
    )


def _unfollowed(command: ReceivePush, follower: Follower) -> FollowerUnfollowed:
    return FollowerUnfollowed(
        follower_id=follower.follower_id,
        account_id=command.account_id,
        openid=follower.openid,
        unfollowed_at=command.push.created_at,
    )


def _withdrawn(command: ReceivePush) -> FollowerAuthorisationWithdrawn:
    return FollowerAuthorisationWithdrawn(
        follower_id=follower_id_of(command.account_id, command.push.openid),
        account_id=command.account_id,
        openid=command.push.openid,
        withdrawn_at=command.push.created_at,
    )


def _answered(command: ReceivePush) -> FollowerAnsweredNotices:
    push = command.push
    return FollowerAnsweredNotices(
        follower_id=follower_id_of(command.account_id, push.openid),
        account_id=command.account_id,
        openid=push.openid,
        accepted=tuple(template_id for template_id, wanted in push.answers if wanted),
        refused=tuple(template_id for template_id, wanted in push.answers if not wanted),
        answered_at=push.created_at,
    )


def _message(command: ReceivePush) -> MessageReceived:
    push = command.push
    return MessageReceived(
        message_id=f"{command.account_id}:{push.message_id}",
        account_id=command.account_id,
        openid=push.openid,
        kind=push.message_kind,
        text=push.text,
        media_id=push.media_id,
        received_at=push.created_at,
    )
