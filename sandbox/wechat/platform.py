"""The two parts that acts with consequences need: what is known, and the way to tell an account's server."""

from dataclasses import dataclass

from sandbox.wechat.pusher import Pusher
from sandbox.wechat.world import World


@dataclass(frozen=True)
class Platform:
    world: World
    pusher: Pusher
