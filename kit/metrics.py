"""The figures that alerts are built on. Names are ours; labels never hold ids."""

from __future__ import annotations

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


@dataclass(frozen=True)
class Metrics:
    """One service's metrics."""

    registry: CollectorRegistry
    http_seconds: Histogram
    handler_seconds: Histogram
    deliveries: Counter
    duplicates: Counter
    dead_letters: Counter
    parked: Gauge
    outbox_pending: Gauge
    outbox_oldest_seconds: Gauge
    nats_errors: Counter
    loop_lag_seconds: Gauge


def new_metrics() -> Metrics:
    """Metrics on a registry of their own, so that two services in one process do not meet."""
    r = CollectorRegistry()
    return Metrics(
        registry=r,
        http_seconds=Histogram(
            "http_request_seconds",
            "Duration of HTTP requests",
            ("method", "route", "status"),
            registry=r,
            buckets=SECONDS,
        ),
        handler_seconds=Histogram(
            "event_handler_seconds", "Duration of event handlers", ("type",), registry=r, buckets=SECONDS
        ),
        deliveries=Counter("event_deliveries", "Deliveries by outcome", ("type", "outcome"), registry=r),
        duplicates=Counter("inbox_duplicates", "Events that had been handled before", ("type",), registry=r),
        dead_letters=Counter("dead_letters", "Events set aside", ("consumer", "reason"), registry=r),
        parked=Gauge("parked_events", "Events that wait for an earlier one of their aggregate", registry=r),
        outbox_pending=Gauge("outbox_pending", "Rows the relay saw waiting, at most one batch", registry=r),
        outbox_oldest_seconds=Gauge("outbox_oldest_pending_seconds", "Age of the oldest waiting row", registry=r),
        nats_errors=Counter("nats_errors", "Asynchronous errors of the NATS connection", ("kind",), registry=r),
        loop_lag_seconds=Gauge("event_loop_lag_seconds", "How late the event loop ran its last heartbeat", registry=r),
    )
