"""The state of a sign-in under way: a random value in WeChat's link, bound to this browser by a signed cookie."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass

from kit.refusal import Refusal

LASTS_SECONDS = 600
MOST_ATTEMPTS = 3
_SEPARATOR = "."


class SignInLoops(Refusal):
    """Sign-in was started several times in a row and never came back with what we gave it."""

    code = "micro_community.sign_in_loops"
    status = 409
    text = "多次登录没有成功。请在微信中打开本页，并允许保存 Cookie，然后重试。"


@dataclass(frozen=True)
class SignIn:
    """One attempt to sign in. `state` is letters and digits, as WeChat asks; its first digit counts attempts."""

    account_id: str
    state: str
    return_to: str
    ends_at: int

    @property
    def attempt(self) -> int:
        return attempt_of(self.state)


def new_state(attempt: int) -> str:
    """A state that nobody can guess.

    Raises:
        SignInLoops: there were enough attempts in a row.
    """
    if attempt > MOST_ATTEMPTS:
        raise SignInLoops
    return f"{attempt}{secrets.token_hex(16)}"


def attempt_of(state: str) -> int:
    """How often sign-in was started in a row; a state that is not ours counts as the first."""
    return int(state[0]) if state[:1].isdigit() and state.isascii() else 1


@dataclass(frozen=True)
class States:
    """Writes and reads the cookie. `secret` is known to the replicas of this service only."""

    secret: bytes

    def write(self, sign_in: SignIn) -> str:
        parts = [sign_in.account_id, sign_in.state, sign_in.return_to, sign_in.ends_at]
        body = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()
        return f"{body}{_SEPARATOR}{self._mac(body)}"

    def read(self, cookie: str | None, *, account_id: str, state: str, now: float) -> SignIn | None:
        """None unless the cookie is ours, in time, and of this very state."""
        body, _, mac = (cookie or "").partition(_SEPARATOR)
        if not hmac.compare_digest(mac.encode(), self._mac(body).encode()):
            return None
        sign_in = SignIn(*json.loads(base64.urlsafe_b64decode(body)))
        fits = sign_in.account_id == account_id and hmac.compare_digest(sign_in.state.encode(), state.encode())
        return sign_in if fits and sign_in.ends_at >= now else None

    def _mac(self, body: str) -> str:
        return hmac.new(self.secret, body.encode(), hashlib.sha256).hexdigest()


def secret_from(private_key: str) -> bytes:
    """A secret for this purpose alone, from the service's own key."""
    return hashlib.sha256(b"micro_community oauth state\x00" + private_key.encode()).digest()
