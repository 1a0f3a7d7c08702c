"""What the routes of the control API share: the platform, and finding the account and the follower in a path."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from sandbox.wechat import acting, ids
from sandbox.wechat.platform import Platform
from sandbox.wechat.records import Account, Follower, Person


def platform_of(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


Here = Annotated[Platform, Depends(platform_of)]


def account_of(appid: str, here: Here) -> Account:
    account = here.world.accounts.get("", appid)
    if account is None:
        raise HTTPException(404, f"no account {appid}")
    return account


Owner = Annotated[Account, Depends(account_of)]


def follower_of(openid: str, account: Owner, here: Here) -> Follower:
    """A follower by openid or by person id; a person's first contact makes the relation."""
    known = here.world.followers.get(account.appid, openid)
    if known is not None:
        return known
    if here.world.people.get("", openid) is None:
        raise HTTPException(404, f"no follower and no person {openid}")
    return acting.follower_of(here, account, openid)


Someone = Annotated[Follower, Depends(follower_of)]


def new_person(here: Platform, nickname: str, avatar: str, person_id: str) -> Person:
    person = Person(person_id=person_id or f"p-{ids.alphanumeric(10)}", nickname=nickname, avatar=avatar)
    return here.world.people.put("", person.person_id, person)
