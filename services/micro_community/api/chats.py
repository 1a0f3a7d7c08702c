"""Live chat: for the account's operators; followers are in WeChat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import Query

from kit.routes import Routes
from kit.transaction import Once, Tx
from kit.web import OncePerCaller, PageQuery
from services.micro_community.api.guards import PROBLEMS, AccountId, Deps, ItemId, Staff
from services.micro_community.commands.answer_follower import answer_follower
from services.micro_community.commands.chatting import ActInChat
from services.micro_community.commands.close_chat import close_chat
from services.micro_community.commands.hand_chat_over import hand_chat_over
from services.micro_community.commands.take_chat import take_chat
from services.micro_community.dependencies import Dependencies
from services.micro_community.queries import chats
from services.micro_community.schemas.chats import (
    Answer,
    CannedAnswerList,
    CannedAnswerView,
    ChatPage,
    ColleagueList,
    HandOver,
    MessageView,
    NewCannedAnswer,
    Transcript,
)
from services.micro_community.schemas.common import Done

router = Routes(tags=["live chat"], responses=PROBLEMS)


@router.get("/{account_id}/chats")
async def list_chats(
    account_id: AccountId,
    by: Staff,
    page: PageQuery,
    deps: Deps,
    state: Annotated[Literal["waiting", "assigned", "closed"], Query()] = "waiting",
) -> ChatPage:
    """Followers who wrote to the account, the latest first. Who looks is at the desk."""
    await deps.repos.visits.at_desk(account_id, by, deps.clock.now())
    rules = (await deps.repos.communities.of(account_id)).rules
    looking = chats.AtDesk(by.actor_id, rules, deps.clock.now())
    return await chats.listing(deps.database, account_id, state, page, looking)


@router.get("/{account_id}/chats/colleagues")
async def list_colleagues(account_id: AccountId, _: Staff, deps: Deps) -> ColleagueList:
    """Who is at the desk: to whom a chat can be handed over."""
    return await chats.colleagues(deps.database, account_id, deps.clock.now())


@router.get("/{account_id}/chats/{chat_id}/messages")
async def transcript(account_id: AccountId, chat_id: ItemId, _: Staff, page: PageQuery, deps: Deps) -> Transcript:
    """What was said, the newest first, and how the chat stands now."""
    return await chats.transcript(deps.database, account_id, chat_id, page)


@router.post("/{account_id}/chats/{chat_id}/take")
async def take(account_id: AccountId, chat_id: ItemId, by: Staff, once: OncePerCaller, deps: Deps) -> Done:
    """The caller talks with this follower."""
    await _act(deps, ActInChat(account_id, chat_id, by), take_chat, once)
    return Done()


@router.post("/{account_id}/chats/{chat_id}/hand-over")
async def hand_over(
    account_id: AccountId, chat_id: ItemId, body: HandOver, by: Staff, once: OncePerCaller, deps: Deps
) -> Done:
    """A colleague who is at the desk goes on."""
    command = ActInChat(account_id, chat_id, by, to=body.person_id)
    await _act(deps, command, partial(hand_chat_over, visits=deps.repos.visits), once)
    return Done()


@router.post("/{account_id}/chats/{chat_id}/messages", status_code=201)
async def answer(
    account_id: AccountId, chat_id: ItemId, body: Answer, by: Staff, once: OncePerCaller, deps: Deps
) -> MessageView:
    """Answer the follower; publisher sends it through WeChat."""
    message_id = await _act(deps, ActInChat(account_id, chat_id, by, body.text), answer_follower, once)
    return MessageView(message_id=message_id)


@router.post("/{account_id}/chats/{chat_id}/close")
async def close(account_id: AccountId, chat_id: ItemId, by: Staff, once: OncePerCaller, deps: Deps) -> Done:
    """The matter is settled."""
    await _act(deps, ActInChat(account_id, chat_id, by), close_chat, once)
    return Done()


@router.get("/{account_id}/canned-answers")
async def list_answers(account_id: AccountId, _: Staff, deps: Deps) -> CannedAnswerList:
    """Prepared answers."""
    return await chats.canned_answers(deps.database, account_id)


@router.post("/{account_id}/canned-answers", status_code=201)
async def keep_answer(
    account_id: AccountId, body: NewCannedAnswer, _: Staff, once: OncePerCaller, deps: Deps
) -> CannedAnswerView:
    """Prepare an answer."""

    async def work(tx: Tx) -> str:
        return await deps.repos.chats.keep_answer(tx, account_id, body.title, body.text)

    answer_id = await deps.store.transact(work, once=once)
    return CannedAnswerView(answer_id=answer_id, title=body.title, text=body.text)


@router.delete("/{account_id}/canned-answers/{answer_id}")
async def drop_answer(account_id: AccountId, answer_id: ItemId, _: Staff, __: OncePerCaller, deps: Deps) -> Done:
    """Forget a prepared answer."""
    await deps.repos.chats.drop_answer(account_id, answer_id)
    return Done()


async def _act(deps: Dependencies, command: ActInChat, act: Callable[..., Awaitable[Any]], once: Once) -> Any:
    async def work(tx: Tx) -> Any:
        return await act(tx, command, chats=deps.repos.chats)

    return await deps.store.transact(work, once=once)
