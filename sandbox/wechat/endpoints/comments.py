"""comment/*: what readers wrote under a mass-sent article (§3.12). `index` counts from 0."""

from typing import Any

from sandbox.wechat.calls import VERIFIED, Answer, Call, Document, Endpoint, integer, ok
from sandbox.wechat.content import Article, Comment
from sandbox.wechat.errors import WeChatError

MOST_ELECTED = 100
_REPLY_CHARACTERS = 600


def _article(call: Call, body: Document) -> Article:
    if not call.account.comment_right:
        raise WeChatError(88000)
    set_id, index = integer(body, "msg_data_id", wrong=88001), integer(body, "index", 0)
    for article in call.world.articles.all(""):
        if article.appid == call.appid and (article.set_id, article.idx) == (str(set_id), index + 1):
            return article
    raise WeChatError(88001)


def _part(article: Article) -> str:
    return f"{article.set_id} {article.idx}"


def _comment(call: Call, body: Document) -> tuple[str, Comment]:
    part = _part(_article(call, body))
    comment = call.world.comments.get(part, str(integer(body, "user_comment_id", wrong=88008)))
    if comment is None:
        raise WeChatError(88008)
    if comment.deleted:
        raise WeChatError(88004)
    return part, comment


def _save(call: Call, part: str, comment: Comment) -> Answer:
    call.world.comments.put(part, str(comment.user_comment_id), comment)
    return ok()


def _switch(call: Call, *, opened: bool) -> Answer:
    article = _article(call, call.json())
    article.comments_open = opened
    call.world.articles.put("", article.page_id, article)
    return ok()


def open_comments(call: Call) -> Answer:
    return _switch(call, opened=True)


def close_comments(call: Call) -> Answer:
    return _switch(call, opened=False)


def _shown(comment: Comment) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "user_comment_id": comment.user_comment_id,
        "openid": comment.openid,
        "create_time": comment.created_at,
        "content": comment.content,
        "comment_type": int(comment.elected),
    }
    reply = {"content": comment.reply, "create_time": comment.replied_at}
    return shown | ({"reply": reply} if comment.reply else {})


def list_comments(call: Call) -> Answer:
    body = call.json()
    article = _article(call, body)
    begin, count = integer(body, "begin", 0), integer(body, "count", 0)
    if not 1 <= count < 50:
        raise WeChatError(88010)
    wanted = integer(body, "type", 0)
    found = [
        comment
        for comment in call.world.comments.all(_part(article))
        if not comment.deleted and (wanted == 0 or comment.elected == (wanted == 2))
    ]
    return ok(total=len(found), comment=[_shown(comment) for comment in found[begin : begin + count]])


def elect(call: Call) -> Answer:
    part, comment = _comment(call, call.json())
    if sum(known.elected for known in call.world.comments.all(part)) >= MOST_ELECTED:
        raise WeChatError(88003)
    comment.elected = True
    return _save(call, part, comment)


def unelect(call: Call) -> Answer:
    part, comment = _comment(call, call.json())
    comment.elected = False
    return _save(call, part, comment)


def delete(call: Call) -> Answer:
    part, comment = _comment(call, call.json())
    comment.deleted = True
    call.note("comment_deleted", part=part, user_comment_id=comment.user_comment_id)
    return _save(call, part, comment)


def reply(call: Call) -> Answer:
    """One reply to a comment, no second."""
    body = call.json()
    part, comment = _comment(call, body)
    words = body.get("content")
    if not isinstance(words, str) or not 1 <= len(words) <= _REPLY_CHARACTERS:
        raise WeChatError(88007)
    if comment.reply:
        raise WeChatError(88005)
    comment.reply, comment.replied_at = words, int(call.now)
    call.note("comment_reply", part=part, user_comment_id=comment.user_comment_id, content=words)
    return _save(call, part, comment)


def delete_reply(call: Call) -> Answer:
    part, comment = _comment(call, call.json())
    if not comment.reply:
        raise WeChatError(88009)
    comment.reply = ""
    return _save(call, part, comment)


ENDPOINTS = (
    Endpoint("POST", "/cgi-bin/comment/open", open_comments, VERIFIED),
    Endpoint("POST", "/cgi-bin/comment/close", close_comments, VERIFIED),
    Endpoint("POST", "/cgi-bin/comment/list", list_comments, VERIFIED),
    Endpoint("POST", "/cgi-bin/comment/markelect", elect, VERIFIED),
    Endpoint("POST", "/cgi-bin/comment/unmarkelect", unelect, VERIFIED),
    Endpoint("POST", "/cgi-bin/comment/delete", delete, VERIFIED),
    Endpoint("POST", "/cgi-bin/comment/reply/add", reply, VERIFIED),
    Endpoint("POST", "/cgi-bin/comment/reply/delete", delete_reply, VERIFIED),
)
