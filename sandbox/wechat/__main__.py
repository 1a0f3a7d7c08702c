"""`python -m sandbox.wechat --port 8620 --data DIR`."""

import argparse
from pathlib import Path

from sandbox.wechat.app import make_app
from sandbox.wechat.server import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.wechat", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8620)
    parser.add_argument("--data", type=Path, default=None, help="folder of the state; in memory without it")
    parser.add_argument("--public-url", default="", help="address that pictures and articles are linked under")
    options = parser.parse_args()
    public_url = options.public_url or f"http://{options.host}:{options.port}"
    app = make_app(options.data, public_url)
    serve(app, options.host, options.port, app.state.platform.world.begin_stop)


if __name__ == "__main__":
    main()
