"""datacube/*: statistics of days gone by (§3.13)."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sandbox.wechat.calls import VERIFIED, Answer, Call, Endpoint, Handler, text
from sandbox.wechat.clock import beijing
from sandbox.wechat.content import Article
from sandbox.wechat.errors import WeChatError

FEWEST_READS = 3
READY_HOUR = 8
Rows = Callable[[Call, date, date], list[dict[str, Any]]]


def _date(body: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(text(body, name, 61500))
    except ValueError as error:
        raise WeChatError(61500) from error


def _today(call: Call) -> date:
    return beijing(call.now).date()


def _span(call: Call, longest: int) -> tuple[date, date]:
    """The asked days: at most `longest`, and none later than yesterday."""
    body = call.json()
    begin, end = _date(body, "begin_date"), _date(body, "end_date")
    if begin > end or (end - begin).days >= longest or end >= _today(call):
        raise WeChatError(61501)
    return begin, end


def _ready(call: Call, day: date) -> bool:
    """Yesterday's figures come at eight in the morning."""
    return day < _today(call) - timedelta(days=1) or beijing(call.now).hour >= READY_HOUR


def _days(call: Call, begin: date, end: date) -> list[date]:
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    return [day for day in days if _ready(call, day)]


def _sent(call: Call) -> list[Article]:
    articles = call.world.articles.all("")
    return [article for article in articles if article.appid == call.appid and article.origin == "mass_send"]


def _row_id(article: Article) -> dict[str, str]:
    return {"msgid": f"{article.set_id}_{article.idx}", "title": article.fields["title"]}


def _figures(reads: int) -> dict[str, int]:
    return {
        "int_page_read_user": reads,
        "int_page_read_count": reads,
        "ori_page_read_user": 0,
        "ori_page_read_count": 0,
        "share_user": 0,
        "share_count": 0,
        "add_to_fav_user": 0,
        "add_to_fav_count": 0,
    }


def _article_summary(call: Call, begin: date, end: date) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for day in _days(call, begin, end):
        for article in _sent(call):
            reads = article.reads.get(day.isoformat(), 0)
            if reads >= FEWEST_READS:
                rows.append({"ref_date": day.isoformat(), **_row_id(article), **_figures(reads)})
    return rows


def _article_total(call: Call, begin: date, end: date) -> list[dict[str, Any]]:
    """Of articles sent on a day: the reads so far, for that day and up to six more."""
    rows: list[dict[str, Any]] = []
    for day in _days(call, begin, end):
        for article in _sent(call):
            if beijing(article.published_at).date() != day:
                continue
            details, so_far = [], 0
            last = min(day + timedelta(days=6), _today(call) - timedelta(days=1))
            for stat_day in _days(call, day, last):
                so_far += article.reads.get(stat_day.isoformat(), 0)
                details.append({"stat_date": stat_day.isoformat(), "target_user": 0, **_figures(so_far)})
            if so_far >= FEWEST_READS:
                rows.append({"ref_date": day.isoformat(), **_row_id(article), "details": details})
    return rows


def _user_read(call: Call, begin: date, end: date) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for day in _days(call, begin, end):
        reads = sum(article.reads.get(day.isoformat(), 0) for article in _sent(call))
        rows.append({"ref_date": day.isoformat(), "user_source": 99_999_999, **_figures(reads)})
    return rows


def _new_followers(call: Call) -> Counter[date]:
    followers = call.world.followers.all(call.appid)
    return Counter(beijing(f.subscribe_time).date() for f in followers if f.subscribed)


def _user_summary(call: Call, begin: date, end: date) -> list[dict[str, Any]]:
    gained = _new_followers(call)
    return [
        {"ref_date": day.isoformat(), "user_source": 0, "new_user": gained[day], "cancel_user": 0}
        for day in _days(call, begin, end)
        if gained[day]
    ]


def _user_cumulate(call: Call, begin: date, end: date) -> list[dict[str, Any]]:
    gained = _new_followers(call)
    return [
        {
            "ref_date": day.isoformat(),
            "user_source": 0,
            "cumulate_user": sum(count for joined, count in gained.items() if joined <= day),
        }
        for day in _days(call, begin, end)
    ]


def _handler(rows: Rows, longest: int) -> Handler:
    def answer(call: Call) -> Answer:
        begin, end = _span(call, longest)
        return {"list": rows(call, begin, end)}

    return answer


ENDPOINTS = tuple(
    Endpoint("POST", f"/datacube/{name}", _handler(rows, longest), VERIFIED)
    for name, rows, longest in (
        ("getarticlesummary", _article_summary, 1),
        ("getarticletotal", _article_total, 1),
        ("getuserread", _user_read, 3),
        ("getusersummary", _user_summary, 7),
        ("getusercumulate", _user_cumulate, 7),
    )
)
