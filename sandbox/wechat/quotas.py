"""Daily and minute limits of API calls, per account and path (§3.3)."""

from sandbox.wechat.calls import Endpoint
from sandbox.wechat.errors import WeChatError
from sandbox.wechat.records import Usage
from sandbox.wechat.world import World

CLEARS_PER_MONTH = 10


def daily_limit(world: World, endpoint: Endpoint) -> int | None:
    return world.settings.daily_limits.get(endpoint.path, endpoint.daily)


def used_today(world: World, appid: str, path: str) -> int:
    usage = world.usage.get(appid, f"{world.clock.day()} {path}")
    return usage.used if usage else 0


def spend(world: World, endpoint: Endpoint, appid: str) -> None:
    """Count one call, or refuse it when the minute's or the day's allowance is used up."""
    _spend_minute(world, endpoint, appid)
    limit = daily_limit(world, endpoint)
    if limit is None:
        return
    used = used_today(world, appid, endpoint.path)
    if used >= limit:
        raise WeChatError(45009)
    world.usage.put(appid, f"{world.clock.day()} {endpoint.path}", Usage(used=used + 1))


def _spend_minute(world: World, endpoint: Endpoint, appid: str) -> None:
    limit = world.settings.minute_limits.get(endpoint.path, endpoint.minute)
    if limit is None:
        return
    minute, key = int(world.clock.now() // 60), f"{appid} {endpoint.path}"
    counted_minute, used = world.minutes.get(key, (minute, 0))
    used = used if counted_minute == minute else 0
    if used >= limit:
        raise WeChatError(45011)
    world.minutes[key] = (minute, used + 1)


def clear(world: World, appid: str) -> None:
    """Give the whole day's quota back; ten times a month, then 48006."""
    key = f"clears {world.clock.month()}"
    usage = world.usage.get(appid, key) or Usage()
    if usage.used >= CLEARS_PER_MONTH:
        raise WeChatError(48006)
    world.usage.clear(appid)
    world.usage.put(appid, key, Usage(used=usage.used + 1))
