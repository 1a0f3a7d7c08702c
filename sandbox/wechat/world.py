"""Everything the platform holds, and the few acts that all parts of it share."""

import hashlib
from pathlib import Path
from typing import Any, TypeVar

from sandbox.wechat import content, ids, records
from sandbox.wechat.clock import Clock
from sandbox.wechat.faults import Fault
from sandbox.wechat.store import Collection, Journal, Record

R = TypeVar("R", bound=Record)

LEDGER_KEY = "{:012d}"


class Files:
    """Bytes of pictures: one file each in a folder, or in memory when there is none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._kept: dict[str, bytes] = {}
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def put(self, name: str, body: bytes) -> None:
        if self._folder:
            (self._folder / name).write_bytes(body)
        else:
            self._kept[name] = body

    def get(self, name: str) -> bytes | None:
        if not self._folder:
            return self._kept.get(name)
        path = self._folder / name
        return path.read_bytes() if path.is_file() else None


class World:
    """All collections, the clock, the files. One per process; nothing survives it but through the journal."""

    def __init__(self, folder: Path | None, public_url: str) -> None:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self.public_url = public_url.rstrip("/")
        self.journal = Journal(folder / "wechat.sqlite3") if folder else None
        self.files = Files(folder / "files" if folder else None)
        self.revision = 0
        self.minutes: dict[str, tuple[int, int]] = {}
        self._collections: list[Collection[Any]] = []
        self._open_relations()
        self._open_content()
        self._open_logs()
        self._settings = self._open("settings", records.Settings)
        self.settings = self._settings.get("", "settings") or records.Settings()
        self.clock = Clock(self.settings.clock_offset)
        self.stopping = False
        self._last_number = 0

    def _open(self, name: str, kind: type[R], *, watched: bool = True) -> Collection[R]:
        collection = Collection(name, kind, self.journal, self.touch if watched else lambda: None)
        self._collections.append(collection)
        return collection

    def _open_relations(self) -> None:
        self.accounts = self._open("accounts", records.Account)
        self.people = self._open("people", records.Person)
        self.followers = self._open("followers", records.Follower)
        self.messages = self._open("messages", records.Message)
        self.tokens = self._open("tokens", records.Token, watched=False)
        self.token_states = self._open("token_states", records.TokenState, watched=False)
        self.tickets = self._open("tickets", records.Ticket, watched=False)
        self.tags = self._open("tags", content.Tag)
        self.templates = self._open("templates", content.Template)
        self.qrcodes = self._open("qrcodes", content.QrCode)
        self.oauth_codes = self._open("oauth_codes", content.OAuthCode, watched=False)
        self.oauth_tokens = self._open("oauth_tokens", content.OAuthToken, watched=False)

    def _open_content(self) -> None:
        self.menus = self._open("menus", content.Menu)
        self.images = self._open("images", content.Image)
        self.media = self._open("media", content.Media)
        self.drafts = self._open("drafts", content.Draft)
        self.articles = self._open("articles", content.Article)
        self.publications = self._open("publications", content.Publication)
        self.mass_jobs = self._open("mass_jobs", content.MassJob)
        self.client_msg_ids = self._open("client_msg_ids", content.ClientMsgId)
        self.comments = self._open("comments", content.Comment)

    def _open_logs(self) -> None:
        self.ledger = self._open("ledger", records.Entry)
        self.pushes = self._open("pushes", records.Push)
        self.timers = self._open("timers", records.Timer)
        self.faults = self._open("faults", Fault)
        self.usage = self._open("usage", records.Usage, watched=False)
        self.calls = self._open("calls", records.CallRecord)

    def touch(self) -> None:
        """Note that something changed which a watching page shows."""
        self.revision += 1

    def save_settings(self, settings: records.Settings) -> None:
        self.settings = self._settings.put("", "settings", settings)

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.save_settings(self.settings.model_copy(update={"clock_offset": self.clock.offset}))

    def reset(self) -> None:
        """Forget everything but the settings and the time."""
        for collection in self._collections:
            if collection is not self._settings:
                for part in collection.parts():
                    collection.clear(part)
        self.minutes.clear()
        self.touch()

    def begin_stop(self) -> None:
        """Let whoever waits without end (event streams, held calls) come to an end."""
        self.stopping = True
        self.clock.poke()

    def close(self) -> None:
        if self.journal:
            self.journal.close()

    def number(self) -> int:
        """A fresh integer above 2**53, growing with time."""
        self._last_number = max(self._last_number + 1, ids.big_number(self.clock.now()))
        return self._last_number

    def save_account(self, account: records.Account) -> records.Account:
        return self.accounts.put("", account.appid, account)

    def save_follower(self, follower: records.Follower) -> records.Follower:
        return self.followers.put(follower.appid, follower.openid, follower)

    def person_of(self, follower: records.Follower) -> records.Person:
        person = self.people.get("", follower.person_id)
        return person or records.Person(person_id=follower.person_id, nickname="已注销")

    def note(self, appid: str, kind: str, rid: str, **detail: Any) -> None:
        """Add an accepted effect to the ledger."""
        seq = self.ledger.count(appid) + 1
        entry = records.Entry(seq=seq, at=self.clock.now(), appid=appid, kind=kind, rid=rid, detail=detail)
        self.ledger.put(appid, LEDGER_KEY.format(seq), entry)

    def set_timer(self, seconds: float, kind: str, appid: str, subject: str) -> None:
        timer = records.Timer(
            timer_id=ids.alphanumeric(16),
            due_at=self.clock.now() + seconds,
            kind=kind,
            appid=appid,
            subject=subject,
        )
        self.timers.put("", timer.timer_id, timer)
        self.clock.poke()

    def keep_file(self, body: bytes, content_type: str) -> content.Image:
        image_id = ids.alphanumeric(40)
        self.files.put(image_id, body)
        digest = hashlib.sha256(body).hexdigest()
        image = content.Image(image_id=image_id, content_type=content_type, sha256=digest, size=len(body))
        return self.images.put("", image_id, image)

    def image_url(self, image: content.Image) -> str:
        form = image.content_type.rpartition("/")[2]
        return f"{self.public_url}/mmbiz_{form}/{image.image_id}/0?wx_fmt={form}"

    def article_url(self, page_id: str) -> str:
        return f"{self.public_url}/s/{page_id}"

    def avatar_url(self, person: records.Person) -> str:
        return person.avatar or f"{self.public_url}/avatar/{person.person_id}"
