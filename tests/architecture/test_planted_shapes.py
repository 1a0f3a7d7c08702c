"""Every forbidden shape, planted into a copy of the house: each guard has been seen to fail, and only then.

The copy has one service beside kit and contracts; a plant is one file that is there for one look.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture import discipline, rules, shapes, vocabulary
from tests.architecture.source import REPOSITORY, Guard
from tests.architecture.test_guards import GUARDS

FOLDERS = ("contracts", "kit", "services/review", "tests/architecture")
TEST = "tests/unit/review/test_planted.py"
DOMAIN = "services/review/domain/planted.py"
COMMAND = "services/review/commands/planted.py"
API = "services/review/api/planted.py"
KIT = "kit/planted.py"
CONTRACT = "contracts/review/planted.py"

ROUTE = "@router.post('/cases')\nasync def add(body: Body) -> None:\n"
REFUSED = "from kit.refusal import Refusal\n\nclass NoWay(Refusal):\n"
CLOSE = "services/review/commands/close_case.py"
STEPS = "services/review/commands/closing.py"
USE_CASE = "@dataclass(frozen=True)\nclass CloseCase: ...\n\nasync def close_case(tx, command): ...\n"
HAPPENED = "from contracts.envelope import Event\n\n"
SUBSCRIBED = "from faststream import AckPolicy\n\n"
SETTINGS = "from pydantic_settings import BaseSettings, SettingsConfigDict\n\n"


@dataclass(frozen=True)
class Plant:
    """A file, and what the guard says of it."""

    guard: Guard
    path: str
    text: str
    says: str


PLANTS = (
    Plant(shapes.short_files, DOMAIN, "A = 1\n" * 301, "301 lines"),
    Plant(shapes.short_files, TEST, "A = 1\n" * 301, "301 lines"),
    Plant(shapes.short_functions, COMMAND, "def f():\n" + "    a = 1\n" * 40, "f has 41 lines"),
    Plant(shapes.short_functions, "stack/planted.py", "def f():\n" + "    a = 1\n" * 25, "the 90th percentile"),
    Plant(shapes.few_parameters, COMMAND, "def f(a, b, c, d, *, e, f, g): ...", "f takes 7"),
    Plant(shapes.few_parameters, COMMAND, "class C:\n    async def f(self, a, b, c, d, e, f, /, g): ...", "f takes 7"),
    Plant(shapes.small_kit, KIT, "A = 1\n" * 199, "lines of code"),
    Plant(shapes.small_kit, KIT, "# a\n" * 201, "201 lines"),
    *(
        Plant(shapes.telling_names, COMMAND, f"class {name}:\n    pass\n", f"class {name}")
        for name in (
            "CaseManager", "PermitHelper", "Utils", "EventProcessor", "CaseData", "DataStore", "BaseCase", "ICases",
        )
    ),
    Plant(shapes.telling_names, COMMAND, "def url_helper(): ...", "function url_helper"),
    Plant(shapes.telling_names, "services/review/utils.py", "", "says nothing"),
    *(
        Plant(rules.one_use_case_one_file, path, text, says)
        for path, text, says in (
            (CLOSE, f"{USE_CASE}async def reopen_case(tx, command): ...", "close_case, reopen_case in public"),
            (CLOSE, f"{USE_CASE}def told(case): ...", "close_case, told in public"),
            (COMMAND, USE_CASE, "has close_case in public, not the one use case async def planted"),
            (CLOSE, "@dataclass(frozen=True)\nclass CloseCase: ...", "has nothing in public"),
            (CLOSE, "def close_case(tx): ...", "not the one use case async def close_case"),
            (CLOSE, USE_CASE.replace("(frozen=True)", ""), "CloseCase is not frozen"),
            (CLOSE, USE_CASE.replace("frozen", "slots"), "CloseCase is not frozen"),
            (STEPS, USE_CASE, "CloseCase is a command among shared steps"),
        )
    ),
    Plant(rules.domain_never_waits, DOMAIN, "async def f(): ...", "decides at once"),
    Plant(rules.domain_never_waits, DOMAIN, "async def f():\n    async for a in b: ...", "decides at once"),
    *(
        Plant(rules.time_is_handed_in, path, text, "instead of the clock")
        for path in (DOMAIN, COMMAND)
        for text in (
            "from datetime import datetime\ndef f(): return datetime.now()",
            "from datetime import UTC, datetime as dt\ndef f(): return dt.now(UTC)",
            "import datetime\ndef f(): return datetime.datetime.utcnow()",
            "import time\ndef f(): return time.time()",
            "from time import time\ndef f(): return time()",
            "from datetime import date\ndef f(): return date.today()",
        )
    ),
    Plant(rules.edges_translate, API, f"{ROUTE}    if body.votes > 3:\n        return", "add weighs body.votes > 3"),
    Plant(rules.edges_translate, API, f"{ROUTE}    return 1 if body.kind == 'x' else 2", "add weighs"),
    Plant(rules.edges_translate, API, "def f(a):\n" + "    if a:\n        pass\n" * 4, "more than 3 branches"),
    Plant(rules.edges_translate, "services/review/schedules.py", "def f(a):\n    while a < 3: ...", "f weighs a < 3"),
    Plant(rules.edges_translate, "services/review/consumers/a.py", "async def f(a):\n    if a != 1: ...", "f weighs"),
    *(
        Plant(rules.nothing_is_built_at_import, path, text, "at import")
        for path in (COMMAND, KIT)
        for text in (
            "import httpx\nCLIENT = httpx.AsyncClient()",
            "import httpx\nPAGE = httpx.get('http://127.0.0.1')",
            "import os\nHOME = os.environ.get('HOME')",
            "TEXT = open('file').read()",
            "class C:\n    made = connect()",
            "def f(a=connect()): ...",
            "@connect()\ndef f(): ...",
            "for a in load():\n    pass",
            "def made():\n    return connect()\n\nCLIENT = made()",
        )
    ),
    Plant(rules.transactions_are_ours, COMMAND, "async def f(s): await s.with_transaction(f)", "with_transaction"),
    Plant(rules.delivery_is_ours, KIT, f"{SUBSCRIBED}A = AckPolicy.REJECT_ON_ERROR", "AckPolicy.REJECT_ON_ERROR"),
    Plant(rules.delivery_is_ours, KIT, "def f(broker):\n    broker.subscriber('a')", "a subscriber without"),
    Plant(rules.contracts_need_pydantic_only, "contracts/planted.py", "import httpx", "imports httpx"),
    Plant(rules.contracts_need_pydantic_only, "contracts/planted.py", "from kit import ids", "imports kit.ids"),
    Plant(rules.kit_knows_no_domain, KIT, "def permit_of(a): ...", "knows 'permit'"),
    Plant(rules.kit_knows_no_domain, KIT, "A = 'micro_community.post'", "knows 'micro_community'"),
    Plant(rules.kit_knows_no_domain, KIT, "class MassSends: ...", "knows 'MassSends'"),
    Plant(vocabulary.refusals_speak, DOMAIN, f"{REFUSED}    text = '不行。'", "code None"),
    Plant(vocabulary.refusals_speak, DOMAIN, f"{REFUSED}    code = 'review.no_way'", "text None"),
    Plant(vocabulary.refusals_speak, DOMAIN, f"{REFUSED}    code = 'review.no_way'\n    text = 'no'", "text 'no'"),
    Plant(
        vocabulary.refusals_speak,
        DOMAIN,
        f"{REFUSED}    code = 'review.no_way'\n    text = '不行。'\n    status = 200",
        "status 200",
    ),
    Plant(
        vocabulary.refusals_speak,
        DOMAIN,
        f"{REFUSED}    code = 'registry.no_way'\n    text = '不行。'",
        "does not name its service",
    ),
    Plant(
        vocabulary.refusals_speak,
        "services/review/planted.py",
        f"{REFUSED}    code = 'review.digest_mismatch'\n    text = '不行。'",
        "is also another's",
    ),
    Plant(
        vocabulary.refusals_speak,
        DOMAIN,
        "from services.review.domain.refusals import DigestMismatch\n\nclass Deeper(DigestMismatch): ...",
        "Deeper: code None",
    ),
    Plant(
        vocabulary.nobody_raises_a_bare_refusal,
        DOMAIN,
        "from kit.refusal import Refusal\n\ndef f():\n    raise Refusal('不行。')",
        "raises Refusal itself",
    ),
    *(
        Plant(vocabulary.events_are_facts, CONTRACT, HAPPENED + f"class {name}(Event, subject='{subject}'): ...", says)
        for name, subject, says in (
            ("CaseOpened", "review.case.opened", "is not <service>"),
            ("CaseOpened", "review.Case.opened.v1", "is not <service>"),
            ("CaseOpen", "review.case.opened.v2", "its name is not in the past"),
            ("CaseCheck", "review.case.check.v1", "'check' is not in the past"),
            ("CaseChecked", "registry.case.checked.v1", "of another service"),
            ("CaseOpenedAgain", "review.case.opened.v1", "is also another's"),
        )
    ),
    Plant(
        vocabulary.settings_refuse_unknown_names,
        "services/review/planted.py",
        f"{SETTINGS}class Knobs(BaseSettings):\n    a: int = 1",
        "Knobs: does not refuse",
    ),
    Plant(
        vocabulary.settings_refuse_unknown_names,
        "services/review/planted.py",
        "from kit.settings import ServiceSettings\n\nclass Knobs(ServiceSettings):\n    model_config = {}",
        "Knobs: does not refuse",
    ),
    *(
        Plant(discipline.tests_do_not_escape, TEST, text, says)
        for text, says in (
            ("import pytest\n\n@pytest.mark.skip\ndef test_a(): ...", "uses skip"),
            ("import pytest\n\n@pytest.mark.skipif(True, reason='')\ndef test_a(): ...", "uses skipif"),
            ("import pytest\n\n@pytest.mark.xfail\ndef test_a(): ...", "uses xfail"),
            ("import pytest\n\ndef test_a():\n    pytest.skip('no server')", "uses skip"),
            ("from pytest import importorskip\n\nA = importorskip('a')", "uses importorskip"),
        )
    ),
    *(
        Plant(discipline.tests_do_not_sleep, TEST, text, "use eventually")
        for text in (
            "import asyncio\n\nasync def test_a():\n    await asyncio.sleep(0.1)",
            "from time import sleep as rest\n\ndef test_a():\n    rest(1)",
            "import time\nLONG = 3\n\ndef test_a():\n    time.sleep(LONG)",
        )
    ),
    *(
        Plant(discipline.tests_do_not_replace, TEST, text, says)
        for text, says in (
            ("from unittest.mock import patch", "imports unittest.mock"),
            ("from unittest import mock", "imports unittest.mock"),
            ("def test_a(monkeypatch): ...", "takes monkeypatch"),
            ("def test_a(mocker): ...", "takes mocker"),
        )
    ),
)  # fmt: skip

FITTING = (
    (shapes.short_files, DOMAIN, "A = 1\n" * 300),
    (shapes.short_functions, COMMAND, "def f():\n" + "    a = 1\n" * 39),
    (shapes.few_parameters, COMMAND, "class C:\n    def f(self, a, b, c, d, e, f): ..."),
    (shapes.telling_names, COMMAND, "class Database: ...\nclass Issue: ...\nclass Baseline: ...\nclass Metadata: ..."),
    (rules.one_use_case_one_file, CLOSE, f"{USE_CASE}\ndef _told(case): ...\n\nclass CaseStands(Refusal): ..."),
    (rules.one_use_case_one_file, STEPS, "async def close(tx): ...\n\ndef told(case): ..."),
    (rules.edges_translate, API, f"{ROUTE}    if body.permit is None or not body.text: ..."),
    (rules.edges_translate, API, "def visible(who, path):\n    if who.path != path: ..."),
    (rules.nothing_is_built_at_import, COMMAND, "from datetime import timedelta\nLASTS = timedelta(hours=1)"),
    (rules.nothing_is_built_at_import, COMMAND, "def f():\n    return connect()"),
    (rules.delivery_is_ours, KIT, "from nats.js.api import AckPolicy\nA = AckPolicy.EXPLICIT"),
    (rules.kit_knows_no_domain, KIT, '"""As for a mass send."""\nclass C:\n    def __post_init__(self): ...'),
    (vocabulary.refusals_speak, DOMAIN, f"{REFUSED}    code = 'review.no_way'\n    text = '不行。'"),
    (vocabulary.events_are_facts, CONTRACT, HAPPENED + "class CaseSent(Event, subject='review.case.sent.v1'): ..."),
    (discipline.tests_do_not_sleep, TEST, "import asyncio\n\nasync def test_a():\n    await asyncio.sleep(0)"),
    (discipline.tests_do_not_sleep, TEST, "import asyncio\n\ndef slow():\n    return asyncio.sleep(2)"),
    (discipline.tests_do_not_escape, TEST, "def test_a(skip): ...\n\ndef skip(): ..."),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("house")
    for folder in FOLDERS:
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return root


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.guard.__name__}:{plant.says[:40]}")
def test_what_is_planted_is_seen(house: Path, plant: Plant) -> None:
    before = plant.guard(house)
    file = house / plant.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(plant.text)
    seen = plant.guard(house)
    file.unlink()
    added = [complaint for complaint in seen if complaint not in before]
    assert any(plant.says in complaint for complaint in added), added
    assert all(complaint.startswith((plant.path.split("/")[0], plant.path)) for complaint in added), added


@pytest.mark.parametrize(("guard", "path", "text"), FITTING, ids=lambda value: getattr(value, "__name__", ""))
def test_what_fits_is_left_alone(house: Path, guard: Guard, path: str, text: str) -> None:
    before = guard(house)
    file = house / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    seen = guard(house)
    file.unlink()
    assert seen == before


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_every_guard_has_been_seen_to_fail(guard: Guard) -> None:
    assert any(plant.guard is guard for plant in PLANTS)
