"""No permit, no packet: when review's word holds, and every way in which it does not (design §2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.permit import PERMIT_ISSUER, Act, PermitClaims
from kit.refusal import Refusal

MASS_SEND: Act = "mass_send"
"""The act that publisher asks review for."""


class PermitRefusal(Refusal):
    """The permit does not allow this."""

    code = "publisher.permit_refused"
    status = 403
    clause = "§6.1"
    text = "审核许可不成立，不能群发。"


class PermitMissing(PermitRefusal):
    code = "publisher.permit_missing"
    text = "没有审核许可，不能群发。请先提交审核。"


class PermitForged(PermitRefusal):
    """Malformed, of an unknown key, or signed by nobody we know."""

    code = "publisher.permit_forged"
    text = "审核许可无法验证，不能群发。"


class PermitExpired(PermitRefusal):
    code = "publisher.permit_expired"
    text = "审核许可已过期，请重新提交审核。"


class PermitNotYetValid(PermitRefusal):
    code = "publisher.permit_not_yet_valid"
    text = "审核许可尚未生效，请在许可的时间内群发。"


class PermitForeign(PermitRefusal):
    """Granted for another account, act or issue."""

    code = "publisher.permit_foreign"
    text = "该审核许可不是给这个公众号的这期图文的，不能使用。"


class PermitUsed(PermitRefusal):
    code = "publisher.permit_used"
    status = 409
    text = "该审核许可已经使用过，一次许可只能群发一次。"


class PermitStale(PermitRefusal):
    """What would go out is not what was approved."""

    code = "publisher.permit_stale"
    status = 409
    text = "图文在审核之后有改动，原许可作废，请重新提交审核。"


class PermitVoided(PermitRefusal):
    code = "publisher.permit_voided"
    text = "审核许可已被撤销，请重新提交审核。"


class PermitState(StrEnum):
    """GRANTED: known and unused. REFUSED: granted, but it could not be turned into an order."""

    GRANTED = "granted"
    USED = "used"
    VOIDED = "voided"
    REFUSED = "refused"


@dataclass(frozen=True)
class Use:
    """What a permit is to be used for: an act on an account, with a subject of this digest, at `moment`."""

    act: Act
    account_id: str
    subject_id: str
    digest: str
    moment: datetime


@dataclass
class Permit:
    """What we know of a permit. `trace` is the context of the span that brought it (W3C traceparent)."""

    permit_id: str
    case_id: str
    account_id: str
    subject_id: str
    digest: str
    not_before: datetime
    not_after: datetime
    noted_at: datetime
    order_at: datetime
    """When it is to be turned into an order."""
    token: str | None = None
    state: PermitState = PermitState.GRANTED
    mass_send_id: str | None = None
    code: str | None = None
    trace: str | None = None
    version: int = 0

    def void(self, code: str) -> None:
        """Never to be used any more; a used one stays used, and its order has to be stopped."""
        if self.state is not PermitState.USED:
            self.state = PermitState.VOIDED
        self.code = code

    def use(self, mass_send_id: str) -> None:
        """Claim it, once.

        Raises:
            PermitVoided, PermitStale, PermitUsed
        """
        self.require_unused()
        self.state, self.mass_send_id = PermitState.USED, mass_send_id

    def refuse(self, code: str) -> None:
        """It could not be turned into an order; one whose time has not come waits for it."""
        if self.state is not PermitState.GRANTED:
            return
        if code == PermitNotYetValid.code and self.order_at < self.not_before:
            self.order_at = self.not_before
        else:
            self.state, self.code = PermitState.REFUSED, code

    def require_unused(self) -> None:
        if self.state is PermitState.VOIDED:
            # People are told what they can mend: an edit is their own doing.
            raise PermitStale if self.code == PermitStale.code else PermitVoided
        if self.state is PermitState.USED:
            raise PermitUsed(mass_send_id=self.mass_send_id)


def require_allows(claims: PermitClaims, use: Use, known: Permit | None, leeway: timedelta) -> None:
    """Raise unless these claims, whose signature was verified, allow this use.

    Raises:
        PermitForeign, PermitVoided, PermitUsed, PermitExpired, PermitNotYetValid, PermitStale
    """
    wanted = (PERMIT_ISSUER, use.act, use.account_id, use.subject_id)
    if (claims.iss, claims.act, claims.account_id, claims.subject_id) != wanted:
        raise PermitForeign
    if known is not None:
        known.require_unused()
    not_before, not_after = (datetime.fromtimestamp(at, use.moment.tzinfo) for at in (claims.nbf, claims.exp))
    require_window(not_before, not_after, use.moment, leeway)
    if claims.digest != use.digest:
        raise PermitStale(approved=claims.digest, present=use.digest)


def require_window(not_before: datetime, not_after: datetime, moment: datetime, leeway: timedelta) -> None:
    """Raise unless the moment lies in the window. The leeway bears with clocks that differ, at its beginning only."""
    if moment >= not_after:
        raise PermitExpired(not_after=not_after.isoformat())
    if moment + leeway < not_before:
        raise PermitNotYetValid(not_before=not_before.isoformat())
