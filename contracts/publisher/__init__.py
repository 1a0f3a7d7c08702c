"""Facts that publisher 发布 publishes."""

from __future__ import annotations

from contracts.publisher.accounts import (
    AccountConnected,
    AccountConnectionFailed,
)
from contracts.publisher.followers import (
    FollowerAnsweredNotices,
    FollowerAuthorisationWithdrawn,
    FollowerFollowed,
    FollowerMessageKind,
    FollowerMessageOutcomeUnknown,
    FollowerMessageRefused,
    FollowerMessageSent,
    FollowerUnfollowed,
    MessageReceived,
)
from contracts.publisher.issues import (
    ArticlePayload,
    IssueEdited,
    IssueSubmitted,
    IssueWithdrawn,
    MassSendPayload,
)
from contracts.publisher.sends import (
    MassSendOrdered,
    MassSendOutcomeUnknown,
    MassSendRefused,
    MassSendSent,
    Receipt,
    RepostMandateBreached,
    RepostMandateFulfilled,
    RepostMandateRaised,
    SentArticle,
)

__all__ = [
    "AccountConnected",
    "AccountConnectionFailed",
    "ArticlePayload",
    "FollowerAnsweredNotices",
    "FollowerAuthorisationWithdrawn",
    "FollowerFollowed",
    "FollowerMessageKind",
    "FollowerMessageOutcomeUnknown",
    "FollowerMessageRefused",
    "FollowerMessageSent",
    "FollowerUnfollowed",
    "IssueEdited",
    "IssueSubmitted",
    "IssueWithdrawn",
    "MassSendOrdered",
    "MassSendOutcomeUnknown",
    "MassSendPayload",
    "MassSendRefused",
    "MassSendSent",
    "MessageReceived",
    "Receipt",
    "RepostMandateBreached",
    "RepostMandateFulfilled",
    "RepostMandateRaised",
    "SentArticle",
]
