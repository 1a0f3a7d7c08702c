"""The four services: each one process, or http and worker apart as in Kubernetes."""

from __future__ import annotations

from stack.child import Launch
from stack.layout import Layout, python, worker_part
from stack.lines import readable
from stack.parts.local import telemetry
from stack.parts.servers import own_mongod, own_nats
from stack.places import REPOSITORY
from stack.readiness import http_ok, until
from stack.servers import SERVICES
from stack.supervisor import Part

# A crowded machine takes a minute for what takes seconds; a service that ends before it is ready is told at once.
_READY_SECONDS = 170.0
# A service drains for up to 15 s (its setting), then closes.
_GRACE_SECONDS = 25.0


def services(layout: Layout) -> list[Part]:
    """All processes of all services."""
    parts = []
    for service in SERVICES:
        if layout.options.workers_apart:
            parts.append(_process(layout, service, "http", service))
            parts.append(_process(layout, service, "worker", worker_part(service)))
        else:
            parts.append(_process(layout, service, "all", service))
    return parts


def _process(layout: Layout, service: str, role: str, name: str) -> Part:
    def launch() -> Launch:
        serve = ("-m", "stack.cli", "serve", service, "--role", role, "--port", str(layout.ports[name]))
        return Launch(
            python(*serve), service_environment(layout, service), REPOSITORY, layout.state.logs / f"{name}.log"
        )

    return Part(
        name,
        launch,
        lambda: until(lambda: http_ok(layout.url(name) + "/readyz"), _READY_SECONDS),
        # The receiver of traces outlives the services: they hand over the last ones when they stop.
        needs=("mongod", "streams", "wechat", *([] if layout.outside_telemetry else ["tracing"])),
        grace_seconds=_GRACE_SECONDS,
        shown=readable,
    )


def service_environment(layout: Layout, service: str) -> dict[str, str]:
    """The whole environment of one service's processes. Its settings refuse a GUANWEI_ name that they do not know."""
    vault = layout.vault
    own = {
        "GUANWEI_SERVICE": service,
        "GUANWEI_MONGODB_URL": layout.outside_mongodb or own_mongod(layout).url(service),
        "GUANWEI_MONGODB_DATABASE": service,
        "GUANWEI_NATS_URL": layout.outside_nats or own_nats(layout).url,
        "GUANWEI_PUBLIC_URL": layout.url("edge"),
        "GUANWEI_SIGNING_KEY_FILE": str(vault.signing_key_file(service)),
    }
    # How many requests are traced is the user's choice, as where traces go is.
    if (ratio := layout.options.environment.get("GUANWEI_TRACE_RATIO")) is not None:
        own["GUANWEI_TRACE_RATIO"] = ratio
    if not layout.outside_nats:
        own |= {"GUANWEI_NATS_USER": service, "GUANWEI_NATS_PASSWORD": own_nats(layout).password(service)}
    if service == "registry":
        own["GUANWEI_BOOTSTRAP_PASSWORD_FILE"] = str(vault.password_file("administrator"))
    if service == "publisher":
        own["GUANWEI_SEALING_KEY_FILE"] = str(vault.sealing_key_file(service))
        own["GUANWEI_WECHAT_API_URL"] = layout.url("wechat")
    if service in ("publisher", "micro_community"):
        own["GUANWEI_WECHAT_OPEN_URL"] = layout.url("wechat")
    if service == "micro_community":
        # Its default is relative to where it runs: an ephemeral stack would leave its pictures in the checkout.
        own["GUANWEI_PICTURE_FOLDER"] = str(layout.state.root / "pictures")
    return layout.surroundings() | telemetry(layout, service) | own
