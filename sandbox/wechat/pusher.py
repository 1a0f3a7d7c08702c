"""Callbacks to an account's server: signed, encrypted by its mode, three tries of five seconds (§2)."""

import asyncio
import secrets
import time
from urllib.parse import urlencode

import httpx

from sandbox.wechat import chat, crypto, faults, ids, pushxml, replies
from sandbox.wechat.records import Account, Attempt, Follower, Mode, Push
from sandbox.wechat.world import World

KEPT = 5000
_ANSWER_SHOWN = 4000
# The platform's own headers, spelled out so that nothing else (a trace header, say) can ride along.
_HEADERS = {"User-Agent": "Mozilla/4.0", "Accept": "*/*", "Pragma": "no-cache"}


def with_query(url: str, query: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


def signed_query(token: str, now: float) -> dict[str, str]:
    stamp, nonce = str(int(now)), str(secrets.randbelow(9 * 10**9) + 10**9)
    return {"signature": crypto.signature(token, stamp, nonce), "timestamp": stamp, "nonce": nonce}


def envelope(account: Account, mode: Mode, body: str, query: dict[str, str]) -> tuple[str, dict[str, str]]:
    """What is posted in this mode, and what the query says about it."""
    if mode == "plain":
        return body, {}
    ciphertext = crypto.encrypt(body, encoding_aes_key=account.encoding_aes_key, appid=account.appid)
    sign = crypto.signature(account.token, query["timestamp"], query["nonce"], ciphertext)
    extra = {"encrypt_type": "aes", "msg_signature": sign}
    if mode == "compatible":
        return f"{body.removesuffix('</xml>')}<Encrypt><![CDATA[{ciphertext}]]></Encrypt></xml>", extra
    return pushxml.render([("ToUserName", account.original_id), ("Encrypt", ciphertext)]), extra


class Pusher:
    """Sends pushes in the background, each in a task of its own: a slow server delays no other push."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tasks: dict[str, asyncio.Task[None]] = {}
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=20)
        self._http = httpx.AsyncClient(trust_env=False, limits=limits, headers=_HEADERS)

    async def close(self) -> None:
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self._http.aclose()

    def resume(self) -> None:
        """Send again what an earlier process left without an outcome."""
        for push in self._world.pushes.every():
            if not push.outcome:
                self._start(push)

    def push(self, account: Account, openid: str, event: str, nodes: pushxml.Nodes, **kind: bool) -> Push:
        """Queue a push. `kind`: answerable (a follower waits for a reply), single_article (as reply to words)."""
        world, now = self._world, self._world.clock.now()
        push = Push(
            push_id=ids.alphanumeric(20),
            appid=account.appid,
            event=event,
            openid=openid,
            body=pushxml.render(
                [
                    ("ToUserName", account.original_id),
                    ("FromUserName", openid),
                    ("CreateTime", int(now)),
                    *nodes,
                ]
            ),
            created_at=now,
            url=account.callback_url,
            mode=account.mode,
            **kind,
        )
        world.pushes.trim(account.appid, KEPT)
        if not account.callback_enabled:
            push.outcome = "disabled"
        elif faults.take(world, ("push_suppress",), account.appid, event):
            push.outcome = "suppressed"
        # Taken here and not when its task runs: a restart in between must not find the fault unspent.
        delays = [] if push.outcome else faults.take(world, ("push_delay",), account.appid, event)
        world.pushes.put(account.appid, push.push_id, push)
        if not push.outcome:
            self._start(push, sum(fault.ms for fault in delays) / 1000)
        return push

    def _start(self, push: Push, after: float = 0.0) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(push, after))
        self._tasks[push.push_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(push.push_id, None))

    async def settled(self, push: Push) -> Push:
        """Wait until the push has an outcome."""
        task = self._tasks.get(push.push_id)
        if task is not None:
            await asyncio.shield(task)
        return push

    async def _deliver(self, push: Push, after: float) -> None:
        world = self._world
        await asyncio.sleep(after)
        copies = faults.take(world, ("push_duplicate",), push.appid, push.event)
        await self._deliver_once(push)
        for fault in copies:
            for _ in range(fault.copies):
                await self._attempt(push)

    async def _deliver_once(self, push: Push) -> None:
        """Up to three tries; only silence leads to another one, a wrong answer does not."""
        world = self._world
        for number in range(world.settings.push_tries):
            if number:
                await asyncio.sleep(world.settings.push_pause_seconds)
            attempt = await self._attempt(push)
            if attempt.status:
                self._conclude(push, attempt)
                return
        self._finish(push, "lost", "no answer after all tries", fault=True)

    async def _attempt(self, push: Push) -> Attempt:
        world = self._world
        account = world.accounts.get("", push.appid)
        attempt = Attempt(at=world.clock.now(), seconds=0.0)
        if account is None:
            attempt.error = "the account was removed"
        else:
            await self._post(account, push, attempt)
        push.tries.append(attempt)
        world.pushes.put(push.appid, push.push_id, push)
        return attempt

    async def _post(self, account: Account, push: Push, attempt: Attempt) -> None:
        query = {**signed_query(account.token, self._world.clock.now()), "openid": push.openid}
        body, extra = envelope(account, push.mode, push.body, query)
        attempt.query = {**query, **extra}
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._world.settings.push_timeout_seconds):
                response = await self._http.post(
                    with_query(push.url, attempt.query),
                    content=body.encode(),
                    headers={"Content-Type": "text/xml"},
                    timeout=None,
                )
            attempt.status = response.status_code
            attempt.answer = response.text[: _ANSWER_SHOWN * 4]
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
            attempt.error = f"{type(error).__name__}: {error}".rstrip(": ")
        attempt.seconds = round(time.monotonic() - began, 3)

    def _conclude(self, push: Push, attempt: Attempt) -> None:
        account = self._world.accounts.get("", push.appid)
        if account is None:
            return
        try:
            reply = replies.understand(account, push, attempt.status, attempt.answer)
        except replies.Abnormal as error:
            self._finish(push, "abnormal", str(error), fault=True)
        except replies.Dropped as error:
            self._finish(push, "dropped", str(error), fault=False)
        else:
            self._show(push, reply)
            shown = reply.kind is not None and push.answerable
            self._finish(push, "replied" if shown else "acknowledged", "", fault=False)

    def _follower(self, push: Push) -> Follower | None:
        return self._world.followers.get(push.appid, push.openid)

    def _show(self, push: Push, reply: replies.Reply) -> None:
        follower = self._follower(push)
        if reply.kind is None or follower is None or not push.answerable:
            return
        chat.add(
            self._world,
            follower,
            "account",
            reply.kind,
            text=reply.text,
            image_url=reply.picture or chat.media_url(self._world, push.appid, reply.media_id),
            articles=reply.articles,
            origin="reply",
        )

    def _finish(self, push: Push, outcome: str, explanation: str, *, fault: bool) -> None:
        push.outcome, push.explanation = outcome, explanation
        self._world.pushes.put(push.appid, push.push_id, push)
        follower = self._follower(push)
        if fault and push.answerable and follower is not None:
            chat.fault_notice(self._world, follower)


async def handshake(url: str, token: str, *, now: float, timeout: float) -> Attempt:
    """Ask the server behind `url` to echo a random text, as saving the callback configuration does."""
    echostr = str(secrets.randbelow(9 * 10**18) + 10**18)
    query = {**signed_query(token, now), "echostr": echostr}
    attempt = Attempt(at=now, seconds=0.0, query=query)
    began = time.monotonic()
    async with httpx.AsyncClient(trust_env=False, headers=_HEADERS) as http:
        try:
            async with asyncio.timeout(timeout):
                response = await http.get(with_query(url, query), timeout=None)
            attempt.status, attempt.answer = response.status_code, response.text[:_ANSWER_SHOWN]
            if response.status_code != 200 or response.content != echostr.encode():
                attempt.error = "the answer is not the exact echostr"
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
            attempt.error = f"{type(error).__name__}: {error}".rstrip(": ")
    attempt.seconds = round(time.monotonic() - began, 3)
    return attempt
