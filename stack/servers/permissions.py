"""Who may do what on NATS: one user per service with the least it needs, and one that provisions.

NATS wildcards stand for whole tokens, so "every consumer whose name begins with registry-" cannot be said; the
durables are listed one by one, from the same file that they are provisioned from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PROVISION = "provision"
KEYS_BUCKET = "keys"

_HEADER = """\
# Generated from streams.toml by: python -m stack.generate
# A service publishes its own facts, wakes its own processes (live.…, kept nowhere), asks other services, answers what
# it is asked, reads the public keys, and works on its own durable consumers. Only `provision` may make or change
# streams and consumers.
"""


@dataclass(frozen=True)
class Durable:
    """A durable consumer; the service that its name begins with owns it."""

    stream: str
    name: str

    def belongs_to(self, service: str) -> bool:
        return self.name.startswith(service.replace("_", "-") + "-on-")


def password_variable(user: str) -> str:
    """The environment variable that nats-server takes the user's password from."""
    return f"NATS_PASSWORD_{user.upper()}"


def inbox_prefix(service: str) -> str:
    """What the service's client must use as its inbox prefix: nobody else can listen there."""
    return f"_INBOX_{service}"


def declared_durables() -> list[Durable]:
    """The durable consumers that `streams apply` makes."""
    from kit.streams import read_plan

    return [Durable(stream, consumer.durable_name or "") for stream, consumer in read_plan().consumers]


def render(services: Sequence[str], durables: Iterable[Durable]) -> str:
    """The `authorization` block of nats-server's configuration."""
    listed = list(durables)
    users = [_user(PROVISION, [">"], [">"])]
    for service in services:
        own = [durable for durable in listed if durable.belongs_to(service)]
        users.append(_user(service, _publish(service, own), _subscribe(service)))
    return _HEADER + "authorization {\n  timeout: 5\n  users: [\n" + "".join(users) + "  ]\n}\n"


def _publish(service: str, durables: Iterable[Durable]) -> list[str]:
    keys = f"KV_{KEYS_BUCKET}"
    subjects = [
        f"{service}.>",
        "ask.>",
        # Wake-up hints between the replicas of one service: outside every stream, and nothing rests on them.
        f"live.{service}.>",
        "$JS.API.INFO",
        "$JS.API.STREAM.NAMES",
        "$JS.API.STREAM.INFO.*",
        "$JS.API.STREAM.MSG.GET.*",
        f"$KV.{KEYS_BUCKET}.{service}.>",
        f"$JS.API.DIRECT.GET.{keys}",
        f"$JS.API.DIRECT.GET.{keys}.>",
        # A watch of the bucket is a consumer of the watcher's own, gone with it.
        f"$JS.API.CONSUMER.CREATE.{keys}",
        f"$JS.API.CONSUMER.CREATE.{keys}.>",
        f"$JS.API.CONSUMER.INFO.{keys}.*",
        f"$JS.API.CONSUMER.DELETE.{keys}.*",
        f"$JS.FC.{keys}.>",
    ]
    for durable in durables:
        where = f"{durable.stream}.{durable.name}"
        subjects += [
            f"$JS.API.CONSUMER.INFO.{where}",
            f"$JS.API.CONSUMER.MSG.NEXT.{where}",
            # Both forms of the acknowledgement subject; the second is announced as the future default.
            f"$JS.ACK.{where}.>",
            f"$JS.ACK.*.*.{where}.>",
        ]
    return subjects


def _subscribe(service: str) -> list[str]:
    return [f"{inbox_prefix(service)}.>", f"ask.{service}.>", f"{service}.>", f"live.{service}.>"]


def _user(name: str, publish: Sequence[str], subscribe: Sequence[str]) -> str:
    allowed = "\n".join(f'          "{subject}"' for subject in publish)
    heard = "\n".join(f'          "{subject}"' for subject in subscribe)
    # allow_responses: whoever is asked may answer into the asker's inbox, once, while the asker still waits.
    return f"""\
    {{
      user: {name}
      password: ${password_variable(name)}
      permissions: {{
        publish: {{ allow: [
{allowed}
        ] }}
        subscribe: {{ allow: [
{heard}
        ] }}
        allow_responses: {{ max: 1, expires: "1m" }}
      }}
    }}
"""
