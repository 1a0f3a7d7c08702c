"""access_token in its two families, isolated from one another (§3.2)."""

from sandbox.wechat import ids
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.records import Account, Token, TokenState
from sandbox.wechat.world import World

LIFETIME = 7200.0
OVERLAP = 300.0
FORCE_PAUSE = 30.0
FORCE_PER_DAY = 20
_PLAUSIBLE_LENGTH = 64


def _state(world: World, appid: str) -> TokenState:
    return world.token_states.get("", appid) or TokenState()


def _issue(world: World, account: Account, family: str, state: TokenState) -> Token:
    now = world.clock.now()
    token = Token(
        token=ids.access_token(),
        appid=account.appid,
        family="stable_token" if family == "stable_token" else "token",
        issued_at=now,
        expires_at=now + LIFETIME,
    )
    state.current[family] = token.token
    world.token_states.put("", account.appid, state)
    world.tokens.put("", token.token, token)
    world.tokens.trim("", 2000)
    return token


def _cut_short(world: World, token: Token | None, seconds: float) -> None:
    """End a token that a newer one replaced, after what is left of the overlap."""
    if token is None:
        return
    end = world.clock.now() + seconds
    if end < token.expires_at:
        token.expires_at, token.superseded = end, True
        world.tokens.put("", token.token, token)


def issue_plain(world: World, account: Account) -> Token:
    """A new token on every call; the one before works for five minutes more."""
    state = _state(world, account.appid)
    _cut_short(world, world.tokens.get("", state.current.get("token", "")), OVERLAP)
    return _issue(world, account, "token", state)


def issue_stable(world: World, account: Account, *, force: bool) -> tuple[Token, int]:
    """The token and its remaining seconds: the same one while more than five minutes are left, unless forced."""
    now, state = world.clock.now(), _state(world, account.appid)
    current = world.tokens.get("", state.current.get("stable_token", ""))
    alive = current is not None and current.expires_at > now
    if force and now - state.forced_at >= FORCE_PAUSE:
        day = world.clock.day()
        if state.forced.get(day, 0) >= FORCE_PER_DAY:
            raise WeChatError(45009)
        state.forced = {day: state.forced.get(day, 0) + 1}
        state.forced_at = now
        _cut_short(world, current, 0.0)
        return _issue(world, account, "stable_token", state), int(LIFETIME)
    if current is not None and alive and current.expires_at - now > OVERLAP:
        return current, int(current.expires_at - now)
    return _issue(world, account, "stable_token", state), int(LIFETIME)


def owner(world: World, token: str) -> Account:
    """The account that a token stands for, or the refusal that its state earns."""
    if not token:
        raise WeChatError(41001)
    known = world.tokens.get("", token)
    if known is None:
        plausible = len(token) >= _PLAUSIBLE_LENGTH and token.isascii()
        raise WeChatError(40001 if plausible else 40014)
    if known.expires_at <= world.clock.now():
        raise WeChatError(40001 if known.superseded else 42001)
    account = world.accounts.get("", known.appid)
    if account is None:
        raise WeChatError(40013)
    return account


def check_credentials(world: World, appid: str, secret: str, client_ip: str) -> Account:
    """Appid, secret and caller's address as the two token calls check them."""
    if not appid:
        raise WeChatError(41002)
    if not secret:
        raise WeChatError(41004)
    account = world.accounts.get("", appid)
    if account is None:
        raise WeChatError(40013)
    if secret != account.secret:
        raise WeChatError(40125 if len(secret) != len(account.secret) else 40001)
    if account.secret_frozen:
        raise WeChatError(40243)
    if account.frozen:
        raise WeChatError(50007)
    if account.ip_whitelist and client_ip not in account.ip_whitelist:
        raise WeChatError(40164, f"invalid ip {client_ip} ipv6 ::ffff:{client_ip}, not in whitelist")
    return account
