"""python -m stack.tracing --port 8640 --data DIR [--host 127.0.0.1]"""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn

from stack.tracing.app import new_app
from stack.tracing.store import Traces


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m stack.tracing", description="OTLP/HTTP receiver with a trace page")
    parser.add_argument("--port", type=int, default=8640)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", type=Path, required=True, help="folder of the store")
    given = parser.parse_args()
    traces = Traces(given.data)
    try:
        uvicorn.run(
            new_app(traces),
            host=given.host,
            port=given.port,
            log_level="warning",
            access_log=False,
            server_header=False,
        )
    finally:
        traces.close()


if __name__ == "__main__":
    main()
