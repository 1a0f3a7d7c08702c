"""Words, links, topics, polls, growth, chats: what the domain decides by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.review import seeded_lexicon
from services.micro_community.adapters.paces import CountedPaces
from services.micro_community.adapters.tokens import JiebaTokens
from services.micro_community.domain.chat import Chat, ChatNotYours, ChatTaken, ChatWindowOver, is_open
from services.micro_community.domain.growth import badges_of, day_of, level_of, points_to_next, streak_as_of
from services.micro_community.domain.member import spoken
from services.micro_community.domain.moderation import lexicon_for
from services.micro_community.domain.notice import Occasion, channel_of, cut, fields_of
from services.micro_community.domain.poll import Poll, PollClosed, PollMalformed, new_poll
from services.micro_community.domain.post import (
    MOST_REVISIONS,
    EditWindowOver,
    Moment,
    NotYours,
    Post,
    StateForbids,
)
from services.micro_community.domain.rules import Rules, TooFast, worth_counting
from services.micro_community.domain.sensitive import (
    PublishedLexicon,
    SensitiveContent,
    Vocabulary,
    _plain,
    _read,
    holding,
    host_of,
    lexicon_of,
    links_in,
)
from services.micro_community.domain.text import clean_or_empty
from services.micro_community.domain.topics import topics_in

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
POST = Post("p", "a", "square", "author", None, "x", AT)
COMMON = Vocabulary("seeded", tuple((word.word, word.action) for word in seeded_lexicon()))


@pytest.mark.parametrize("text", ["赌博", "赌 博", "赌。博", "赌\u200b博", "ｄ赌＊博", "去赌  博吗"])
def test_hidden_words_are_found(text: str) -> None:
    with pytest.raises(SensitiveContent):
        lexicon_for(COMMON, ()).check(text)


def test_innocent_texts_pass_and_stars_cover_the_place() -> None:
    assert lexicon_for(COMMON, ()).check("赌气的博士").text == "赌气的博士"
    assert lexicon_for(COMMON, ()).check("赌\n\n  \n博").text == "赌\n\n  \n博"
    own = lexicon_for(COMMON, (("ABC", "replace"), ("啊", "replace"), ("坏 人", "review")))
    assert own.check("买ａｂｃ吧").text == "买＊＊＊吧"
    assert own.check("a.b.c 啊！").text == "＊＊＊＊＊ ＊！"
    assert own.check("他是坏-人，坏人").held == ("坏人",)


@given(st.text(max_size=200))
def test_checking_never_changes_the_length(text: str) -> None:
    try:
        checked = lexicon_for(COMMON, ()).check(text)
    except SensitiveContent:
        return
    assert len(checked.text) == len(text)


def test_links_are_found_with_and_without_a_scheme() -> None:
    text = "看 https://a.example/x?y=1，还有www.b.example/z。以及 evil-shop.com/go 和 3.14 和 v1.2"
    assert links_in(text) == ("https://a.example/x?y=1", "www.b.example/z", "evil-shop.com/go")
    assert [host_of(link) for link in links_in(text)] == ["a.example", "www.b.example", "evil-shop.com"]
    assert host_of("https://mp.weixin.qq.com@evil.example/") == "evil.example"
    assert host_of("https://[bad") == ""


@pytest.mark.parametrize("text", ["a.", "a-", "a.a-", "-.", "www.", "com.", "http://", "#a", "@a", "\n "])
def test_long_texts_are_read_in_no_more_time_than_they_are_long(text: str) -> None:
    """Taking the square of it would not end before the test's time is over."""
    much = text * 100_000
    assert len(links_in(much)) <= 2
    topics_in(much)
    clean_or_empty(much, longest=len(much))


def test_a_host_of_many_labels_is_a_link_and_never_one_that_is_allowed() -> None:
    for text in ("..evil.com", f"{'a.' * 30}evil.com"):
        assert [host_of(link).endswith("evil.com") for link in links_in(text)] == [True]
    (link,) = links_in(f"{'a.' * 30}mp.weixin.qq.com/s/1")
    assert host_of(link) != "mp.weixin.qq.com" and host_of(link).endswith(".weixin.qq.com")


def test_topics_are_evened_out_and_few() -> None:
    assert topics_in("#ＡＩ# 和 #ai# 和 #健康 跑# #a##b#") == ("ai", "a", "b")
    assert len(topics_in(" ".join(f"#话题{n}#" for n in range(9)))) == 5


def test_polls_refuse_what_makes_no_sense() -> None:
    later = AT + timedelta(days=1)
    poll = new_poll(("一", " 二 "), multiple=False, closes_at=later, now=AT)
    assert poll.options == ("一", "二")
    for options, closes in (
        (("一",), later),
        (("一", "一 "), later),
        (("一", "二"), AT),
        (("一", "二"), AT.max.replace(tzinfo=UTC)),
    ):
        with pytest.raises(PollMalformed):
            new_poll(options, multiple=False, closes_at=closes, now=AT)
    with pytest.raises(PollClosed):
        Poll(("一", "二"), False, AT).require_open(AT)


def test_levels_badges_and_streaks() -> None:
    assert [level_of(points) for points in (-5, 0, 19, 20, 9_600, 10**6)] == [1, 1, 1, 2, 10, 10]
    assert (points_to_next(0), points_to_next(10**6)) == (20, None)
    assert [badge.badge_id for badge in badges_of({"posts": 10, "best_streak": 6})] == ["first_post", "ten_posts"]
    assert day_of(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == "2026-11-21"
    assert streak_as_of({"day": "2026-11-20", "streak": 3}, AT) == (3, True)
    assert streak_as_of({"day": "2026-11-19", "streak": 3}, AT) == (3, False)
    assert streak_as_of({"day": "2026-11-18", "streak": 3}, AT) == (0, False)
    assert streak_as_of(None, AT) == (0, False)


@pytest.mark.parametrize(("seconds", "text"), [(30, " 30 秒"), (61, " 2 分钟"), (5400, " 2 小时"), (90_000, " 2 天")])
def test_spans_are_spoken(seconds: int, text: str) -> None:
    assert spoken(seconds) == text


def test_a_post_knows_who_may_change_it_when() -> None:
    in_time, late = Moment(AT + timedelta(minutes=9), 10), Moment(AT + timedelta(minutes=11), 10)
    edited = POST.edited("author", "新", "新文", (), in_time)
    assert [revision.text for revision in edited.revisions] == ["x"]
    with pytest.raises(NotYours):
        POST.edited("other", None, "y", (), in_time)
    with pytest.raises(EditWindowOver):
        POST.edited("author", None, "y", (), late)
    with pytest.raises(StateForbids):
        POST.removed("违规").deleted("author", AT)
    with pytest.raises(StateForbids):
        POST.shown(AT)
    assert POST.removed("违规").shown(AT + timedelta(days=1)).created_at == AT


def test_of_a_post_that_is_edited_all_the_time_the_first_text_and_the_latest_are_kept() -> None:
    edited = POST
    for number in range(MOST_REVISIONS + 5):
        edited = edited.edited("author", None, f"{number}", (), Moment(AT, 30))
    latest = [f"{number}" for number in range(4, MOST_REVISIONS + 4)]
    assert [revision.text for revision in edited.revisions] == ["x", *latest]


def test_working_hours_may_go_over_midnight() -> None:
    night = Rules(chat_from="22:00", chat_to="06:00")
    assert is_open(night, datetime(2026, 11, 20, 15, 0, tzinfo=UTC))
    assert not is_open(night, datetime(2026, 11, 20, 23, 0, tzinfo=UTC))
    assert is_open(Rules(chat_from="00:00", chat_to="00:00"), AT)


def test_a_chat_belongs_to_one_at_a_time() -> None:
    chat = Chat("c", "a", "o").heard("在吗", AT).taken("p1", "甲", AT)
    with pytest.raises(ChatTaken):
        chat.taken("p2", "乙", AT)
    with pytest.raises(ChatNotYours):
        chat.answered("p2", "好", AT)
    with pytest.raises(ChatWindowOver):
        chat.answered("p1", "好", AT + timedelta(hours=49))
    assert chat.handed_over("p1", "p2", "乙", AT).answered("p2", "好", AT).unanswered == 0
    assert chat.closed("p1").heard("还有", AT + timedelta(days=1)).state == "waiting"


def test_a_follower_who_asks_again_waits_no_longer_and_a_colleague_gets_the_time_to_answer() -> None:
    asked_again = Chat("c", "a", "o").heard("在吗", AT).taken("p1", "甲", AT).heard("喂", AT + timedelta(minutes=14))
    with pytest.raises(ChatTaken):
        asked_again.taken("p2", "乙", AT + timedelta(minutes=14))
    theirs = asked_again.taken("p2", "乙", AT + timedelta(minutes=16))
    with pytest.raises(ChatTaken):
        theirs.taken("p1", "甲", AT + timedelta(minutes=17))
    late = Chat("c", "a", "o").heard("在吗", AT).taken("p1", "甲", AT + timedelta(hours=1))
    with pytest.raises(ChatTaken):
        late.taken("p2", "乙", AT + timedelta(hours=1, minutes=1))
    again = late.answered("p1", "在", AT + timedelta(hours=1)).heard("好", AT + timedelta(hours=2))
    with pytest.raises(ChatTaken):
        again.taken("p2", "乙", AT + timedelta(hours=2, minutes=1))


def test_what_is_heard_late_neither_turns_a_chat_back_nor_makes_it_answerable() -> None:
    chat = Chat("c", "a", "o").heard("二", AT).heard("一", AT - timedelta(days=3))
    assert (chat.last_text, chat.last_at, chat.heard_at, chat.unanswered) == ("二", AT, AT, 2)
    assert chat.unanswered_since == AT - timedelta(days=3)
    old = Chat("c", "a", "o").heard("三天前", AT - timedelta(days=3))
    closed_all_day = Rules(chat_from="03:00", chat_to="03:01", chat_away_text="我们九点上班。")
    assert chat.wants_away_text(closed_all_day, AT) and not old.wants_away_text(closed_all_day, AT)
    with pytest.raises(ChatWindowOver):
        old.taken("p-1", "一", AT).answered("p-1", "在的", AT)


def test_tokens_of_a_question_are_among_those_of_the_text() -> None:
    tokens = JiebaTokens()
    text = set(tokens.of_text("支持中文搜索的 Python3 微社区，ＡＢＣ"))
    for question in ("中文", "中文搜索", "微社区", "python3", "abc", "区"):
        assert set(tokens.of_question(question)) <= text
    assert not set(tokens.of_question("文中")) <= text


def test_paces_count_each_key_by_itself() -> None:
    paces = CountedPaces()
    paces.admit("1.1.1.1", per_minute=2)
    paces.admit("1.1.1.1", per_minute=2)
    paces.admit("2.2.2.2", per_minute=2)
    with pytest.raises(TooFast):
        paces.admit("1.1.1.1", per_minute=2)
    assert [worth_counting(here, 8) for here in (2, 3)] == [False, True]


def test_a_large_lexicon_finds_the_longest_word_that_begins_somewhere() -> None:
    many = [(f"词{number}号", "review") for number in range(20_000)] + [("词", "replace")]
    lexicon = lexicon_of(many)
    assert lexicon.check("有词19999号").held == ("词19999号",)
    assert lexicon.check("一词").text == "一＊"


def test_a_lexicon_holds_for_its_unit_and_below() -> None:
    known = (
        PublishedLexicon("g", "/", 3, (("甲", "block"),)),
        PublishedLexicon("u", "/a", 1, (("乙", "block"),)),
    )
    assert [word for word, _ in holding(known, "/a/b").words] == ["甲", "乙"]
    assert [word for word, _ in holding(known, "/ab").words] == ["甲"]
    assert holding(known, "/a").key == "g:3|u:1"


def test_a_notice_fits_what_wechat_takes() -> None:
    occasion = Occasion("removed", "甲", "广告\n太多", "", AT, "社区")
    fields = (("thing1", "what"), ("phrase2", "community"), ("time3", "when"), ("thing4", "where"), ("thing5", "no"))
    rules = Rules(notice_channel="template", notice_template_id="t", notice_fields=fields)
    assert fields_of(rules, occasion) == {
        "thing1": "您的内容已被移除：广告 太多",
        "phrase2": "社区",
        "time3": "2026-11-20 16:00",
        "thing4": "—",
    }
    assert len(cut("thing12", "长" * 50)) == 20
    assert channel_of(Rules(notice_channel="template")) is None


@given(st.text(st.sampled_from("赌博Ａa＊ *.\0\n\u200bﬁßİ①㍿😀") | st.characters(), max_size=60))
def test_a_text_that_is_read_at_once_reads_as_it_does_character_by_character(text: str) -> None:
    """Only behind its last character may it end otherwise: a break that no word goes on after."""
    assert _read(text).rstrip("\n") == _plain(text)[0].rstrip("\n")


@given(st.lists(st.sampled_from(["赌", "博", "*", " ", "\0", "好", "Ａ", "a"]), max_size=24).map("".join))
def test_a_word_is_found_whether_or_not_the_text_is_gone_through(text: str) -> None:
    plain = _plain(text)[0]
    lexicon = lexicon_of([("赌博", "review"), ("a好", "review")])
    assert set(lexicon.check(text).held) == {word for word in ("赌博", "a好") if word in plain}
