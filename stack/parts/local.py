"""What stands in for the outside world on one machine: the WeChat sandbox and the trace receiver."""

from __future__ import annotations

from stack.child import Launch
from stack.layout import Layout, python
from stack.places import REPOSITORY
from stack.readiness import http_ok, until
from stack.supervisor import Part


def wechat(layout: Layout) -> Part:
    """The pretend WeChat platform."""
    return _module(layout, "wechat", "sandbox.wechat")


def tracing(layout: Layout) -> Part:
    """The OTLP receiver with its page."""
    return _module(layout, "tracing", "stack.tracing")


def _module(layout: Layout, name: str, module: str) -> Part:
    def launch() -> Launch:
        where = ("--port", str(layout.ports[name]), "--data", str(layout.state.data(name)))
        return Launch(
            python("-m", module, *where),
            layout.surroundings() | telemetry(layout, name),
            REPOSITORY,
            layout.state.logs / f"{name}.log",
        )

    return Part(name, launch, lambda: until(lambda: http_ok(layout.url(name) + "/livez"), 60.0))


def telemetry(layout: Layout, name: str) -> dict[str, str]:
    """Where a part sends its traces: the user's endpoint, or ours. Every OTEL_… of the user is passed on."""
    given = {key: value for key, value in layout.options.environment.items() if key.startswith("OTEL_")}
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": layout.url("tracing"), "OTEL_SERVICE_NAME": name, **given}
