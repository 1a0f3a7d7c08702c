"""`python -m bench.load.inserts < plan`: the limit of every write, `insert_one` with w: majority and j: true.

The same driver, made by the same function as a service's, on the same server; nothing else in the way. The plan is
JSON: `url`, `database`, `connections`, `seconds`, `warm_seconds`, `document`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import uvloop

from kit.ids import new_id
from kit.mongo import connect

_FEWEST = 50


async def _run(plan: dict[str, Any]) -> dict[str, Any]:
    client = connect(plan["url"], app="bench")
    collection = client[plan["database"]]["inserts"]
    begins = time.perf_counter() + plan["warm_seconds"]
    ends = begins + plan["seconds"]
    done = 0

    async def insert() -> None:
        nonlocal done
        while (now := time.perf_counter()) < ends or done < _FEWEST:
            await collection.insert_one(plan["document"] | {"_id": new_id()})
            done += begins <= now

    await asyncio.gather(*(insert() for _ in range(plan["connections"])))
    taken = time.perf_counter() - begins
    await collection.drop()
    client.close()
    return {"per_second": done / taken}


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_run(json.load(sys.stdin)))))
