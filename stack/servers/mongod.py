"""mongod as a replica set of one member, with a database and a user for each service.

Source of facts: platform notes for the wheel and `replSetInitiate` over a direct connection; MongoDB manual for the
localhost exception (the first user may be made from the same host while there is none).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from stack.child import Launch
from stack.places import State, program
from stack.readiness import NotReady, listening, until
from stack.servers.server import Server
from stack.vault import Vault

_SET = "rs0"
_ADMIN = "admin"
_AUTHENTICATION_FAILED = 18
_UNAUTHORIZED = 13
_USER_EXISTS = 51003

# Parameters: a transaction whose client was killed keeps its documents locked until this limit (measured: 71 s with the
# default of 60); diagnostic data would be written every second for nobody.
_OPTIONS = (
    *("--bind_ip", "127.0.0.1", "--nounixsocket", "--quiet"),
    *("--replSet", _SET, "--oplogSize", "64", "--wiredTigerCacheSizeGB", "0.25"),
    *("--setParameter", "transactionLifetimeLimitSeconds=5"),
    *("--setParameter", "diagnosticDataCollectionEnabled=false"),
)

Client = AsyncMongoClient[dict[str, Any]]


class SecretsDoNotFit(NotReady):
    """The database knows other passwords than the vault."""


class Mongod(Server):
    """One mongod. Each of `services` gets the user of its name, with rights on the database of its name only."""

    name = "mongod"

    def __init__(self, state: State, port: int, services: Sequence[str]) -> None:
        super().__init__(state, {"mongod": port})
        self.port = port
        self.services = tuple(services)
        self._vault = Vault(state.secrets)

    def launch(self) -> Launch:
        where = ("--dbpath", str(self.state.data("mongod")), "--port", str(self.port))
        key = ("--keyFile", str(self._vault.mongod_key_file()))
        return Launch((str(program("mongod")), *where, *key, *_OPTIONS), log=self.state.logs / "mongod.log")

    def url(self, service: str) -> str:
        """The connection string of one service's user."""
        return self._url(service, "replicaSet=" + _SET)

    @property
    def admin_url(self) -> str:
        """The connection string of the user that may do everything."""
        return self._url(_ADMIN, "replicaSet=" + _SET)

    async def prepare(self) -> None:
        await until(lambda: listening(self.port), 30.0)
        async with self._client(f"mongodb://127.0.0.1:{self.port}/") as visitor:
            await until(lambda: self._is_primary(visitor), 30.0)
            if not await self._admits_admin():
                await self._make_admin(visitor)
        async with self._client(self._url(_ADMIN)) as admin:
            await self._make_users(admin)

    async def version(self) -> str:
        async with self._client(self._url(_ADMIN)) as admin:
            return str((await admin.admin.command("buildInfo"))["version"])

    def _client(self, url: str) -> Client:
        return AsyncMongoClient(url, directConnection=True, serverSelectionTimeoutMS=2000)

    def _url(self, user: str, options: str = "") -> str:
        password = self._vault.password(f"mongod-{user}")
        return f"mongodb://{user}:{password}@127.0.0.1:{self.port}/?{options}&authSource=admin".replace("?&", "?")

    async def _is_primary(self, visitor: Client) -> None:
        try:
            hello: Mapping[str, Any] = await visitor.admin.command("hello")
            if hello.get("isWritablePrimary"):
                return
            if "setName" not in hello:
                member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
                await visitor.admin.command("replSetInitiate", {"_id": _SET, "members": [member]})
        except PyMongoError as error:
            raise NotReady(f"mongod: {error}") from error
        raise NotReady("mongod is not primary yet")

    async def _admits_admin(self) -> bool:
        # A client of its own: after a refusal PyMongo takes the server for unknown until its next check.
        async with self._client(self._url(_ADMIN)) as admin:
            try:
                await admin.admin.command("ping")
            except OperationFailure as error:
                if error.code == _AUTHENTICATION_FAILED:
                    return False
                raise
            return True

    async def _make_admin(self, visitor: Client) -> None:
        try:
            await visitor.admin.command(
                "createUser", _ADMIN, pwd=self._vault.password(f"mongod-{_ADMIN}"), roles=["root"]
            )
        except OperationFailure as error:
            if error.code != _UNAUTHORIZED:
                raise
            raise SecretsDoNotFit(
                f"the database in {self.state.root} does not accept the passwords kept beside it: were its secrets"
                " deleted? Bring them back, or remove the folder to begin anew"
            ) from error

    async def _make_users(self, admin: Client) -> None:
        for service in self.services:
            rights = [{"role": role, "db": service} for role in ("readWrite", "dbAdmin")]
            body = {"pwd": self._vault.password(f"mongod-{service}"), "roles": rights}
            try:
                await admin.admin.command({"createUser": service, **body})
            except OperationFailure as error:
                if error.code != _USER_EXISTS:
                    raise
                await admin.admin.command({"updateUser": service, **body})
