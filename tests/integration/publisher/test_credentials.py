"""What is entrusted is opened in memory only: wherever one looks afterwards, it is not there in clear."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import nats
import pytest
from bson import json_util
from nats.js.errors import NotFoundError

from contracts.asks import (
    Ask,
    CheckFollowing,
    ExchangeOAuthCode,
    Following,
    OAuthIdentity,
    PageUrlSignature,
    SignPageUrl,
)
from contracts.publisher import AccountConnectionFailed
from contracts.registry import CredentialsEntrusted
from kit.asks import AnsweredNo, Asker
from stack.servers.permissions import inbox_prefix
from tests.integration.publisher.newsroom import Newsroom
from tests.integration.publisher.props import Json, Official
from tests.support.services import eventually


async def everything_stored(newsroom: Newsroom) -> str:
    """Every document of publisher's database, as text."""
    database = newsroom.publisher.database
    found: list[str] = []
    for name in await database.list_collection_names():
        found += [json_util.dumps(document, ensure_ascii=False) async for document in database[name].find()]
    return "\n".join(found)


async def everything_published(newsroom: Newsroom) -> str:
    """Every message of every stream, and every key of the bucket."""
    jetstream = newsroom.house.connection.jetstream()
    found: list[str] = []
    for info in await jetstream.streams_info():
        for sequence in range(max(1, info.state.first_seq), info.state.last_seq + 1):
            # A bucket's stream has gaps where a key was written again.
            with contextlib.suppress(NotFoundError):
                message = await jetstream.get_msg(info.config.name or "", sequence)
                found.append(f"{message.headers} {(message.data or b'').decode(errors='replace')}")
    return "\n".join(found)


async def everything_answered(newsroom: Newsroom, official: Official, issue: Json) -> str:
    """All that the gateway shows of the account, to somebody who may see everything."""
    token = await newsroom.operator("/")
    paths = [
        "/accounts",
        f"/accounts/{official.account_id}",
        "/issues",
        f"/issues/{issue['issue_id']}",
        "/mass-sends",
        f"/mass-sends/{(await newsroom.order(issue))['mass_send_id']}",
        "/mandates",
        "/openapi.json",
    ]
    found = [(await newsroom.call("GET", path, token=token)).text for path in paths]
    metrics = await newsroom.publisher.http.get("/metrics")
    return "\n".join([*found, metrics.text])


async def test_secrets_are_nowhere_in_clear(newsroom: Newsroom, capfd: pytest.CaptureFixture[str]) -> None:
    group = await newsroom.account(connected=False)
    wrong = "0123456789abcdef" * 2
    await newsroom.entrust(group, app_secret=wrong)
    await newsroom.seen(group, connection="failed")
    credentials = await newsroom.entrust(group)
    await newsroom.set_callback(group)
    await newsroom.seen(group, connection="connected")
    await newsroom.fault("drop", group, path="/cgi-bin/message/mass/sendall", stage="after")
    issue = await newsroom.submitted(group, articles=1)
    await newsroom.grant(issue)
    await newsroom.sent(issue)

    token = await held_token(newsroom, group)
    ticket = await newsroom.publisher.app.state.dependencies.wechat.sign_page(
        group.account_id, "http://127.0.0.1:8600/h5", nonce="n", timestamp=1
    )
    secrets = {
        "the secret": credentials.app_secret,
        "the wrong secret": wrong,
        "the token": credentials.token,
        "the key": credentials.encoding_aes_key,
        "the access token": token,
    }
    output = capfd.readouterr()
    places = {
        "database": await everything_stored(newsroom),
        "streams": await everything_published(newsroom),
        "answers": await everything_answered(newsroom, group, issue),
        "logs": output.out + output.err,
    }
    assert group.account_id in places["database"]
    assert group.account_id in places["streams"]
    assert group.app_id in places["answers"]
    assert "delivered" in places["logs"]
    assert ticket[0] == group.app_id
    for what, secret in secrets.items():
        assert len(secret) > 5
        for place, content in places.items():
            assert secret not in content, f"{what} stands in clear in the {place}"


async def held_token(newsroom: Newsroom, official: Official) -> str:
    """The access token in use, opened as only publisher can."""
    row = await newsroom.publisher.database["shared_secrets"].find_one({"_id": f"{official.account_id}|access_token"})
    assert row is not None
    opened: str = newsroom.publisher.app.state.dependencies.vault.open(row["sealed"])
    return opened


async def test_what_cannot_be_opened_is_told_without_its_content(newsroom: Newsroom) -> None:
    """Sealed to another key, or to ours with another app id inside."""
    group = await newsroom.account(connected=False)
    for sealed in ("bm90IGEgYm94", "a" * 200):
        await newsroom.house.publish(
            CredentialsEntrusted(
                account_id=group.account_id, app_id=group.app_id, key_id="k", sealed=sealed, entrusted_by="p"
            )
        )
    failed = await newsroom.house.event(AccountConnectionFailed)
    assert (failed.step, failed.code) == ("unseal", "publisher.credentials_unreadable")
    shown = await newsroom.seen(group, connection="failed")
    assert shown["failure"]["step"] == "unseal"
    body = ("<xml/>", {"signature": "a", "timestamp": "1", "nonce": "n"})
    answer = await newsroom.publisher.http.post(newsroom.callback_url(group), content=body[0], params=body[1])
    assert (answer.status_code, answer.json()["code"]) == (409, "publisher.callback_unexpected")
    await newsroom.entrust(group)
    await newsroom.set_callback(group)
    await newsroom.seen(group, connection="connected")


async def test_others_ask_publisher_instead_of_having_the_secret(newsroom: Newsroom) -> None:
    group = await newsroom.account(oauth_domains=["127.0.0.1:8600"], js_domains=["127.0.0.1:8600"])
    follower = await newsroom.follower(group)
    server = newsroom.house.nats_server
    connection = await nats.connect(
        server.url,
        user="micro_community",
        password=server.password("micro_community"),
        inbox_prefix=inbox_prefix("micro_community").encode(),
    )
    asker = Asker(connection)
    try:
        code = await oauth_code(newsroom, group, follower["openid"])
        question = ExchangeOAuthCode(account_id=group.account_id, code=code)
        who = await asker.ask(question, OAuthIdentity)
        assert (who.openid, who.scope, who.nickname) == (follower["openid"], "snsapi_userinfo", "粉丝")
        await refused(asker, question, "publisher.oauth_code_used")
        unknown = ExchangeOAuthCode(account_id=group.account_id, code="0" * 32)
        await refused(asker, unknown, "publisher.oauth_code_invalid")
        stranger = ExchangeOAuthCode(account_id="nobody", code=code)
        await refused(asker, stranger, "publisher.account_not_connected")

        url = "http://127.0.0.1:8600/h5/?a=1"
        signed = await asker.ask(SignPageUrl(account_id=group.account_id, url=f"{url}#part"), PageUrlSignature)
        check = {
            "appid": signed.app_id,
            "timestamp": str(signed.timestamp),
            "nonce_str": signed.nonce,
            "signature": signed.signature,
            "url": url,
        }
        said: dict[str, Any] = (await newsroom.sandbox.post("/_control/jssdk-check", json=check)).json()
        assert said["ok"], json.dumps(said)
        foreign = SignPageUrl(account_id=group.account_id, url="http://elsewhere.test/")
        await refused(asker, foreign, "publisher.page_foreign")

        following = CheckFollowing(account_id=group.account_id, openid=follower["openid"])
        assert (await asker.ask(following, Following)).follows
        await newsroom.act(group, follower["openid"], "unfollow")
        assert not (await asker.ask(following, Following)).follows
        nobody = CheckFollowing(account_id=group.account_id, openid="o-nobody")
        await refused(asker, nobody, "publisher.wechat_unreachable")
    finally:
        await connection.close()


async def refused(asker: Asker, question: Ask, code: str) -> None:
    with pytest.raises(AnsweredNo) as no:
        await asker.ask(question, PageUrlSignature)
    assert no.value.code == code


async def oauth_code(newsroom: Newsroom, official: Official, openid: str) -> str:
    """What WeChat adds to our address when the follower agrees."""
    query = {
        "appid": official.app_id,
        "redirect_uri": "http://127.0.0.1:8600/community/back",
        "response_type": "code",
        "scope": "snsapi_userinfo",
        "state": "s",
        "_as": openid,
    }

    async def look() -> str | None:
        answer = await newsroom.sandbox.get("/connect/oauth2/authorize", params=query)
        location = answer.headers.get("location", "")
        return location.split("code=")[1].split("&")[0] if "code=" in location else None

    found: str = await eventually(look, "a code from WeChat")
    return found
