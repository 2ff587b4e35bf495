"""What a process counts about itself, in the text format Prometheus reads. Labels never name a person or a case."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The meters of one process; made once and passed down, so that tests and services do not share any."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # one more series a meter, told by nobody
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "quittance_http_requests",
            "Answered HTTP requests.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "quittance_http_request_seconds",
            "Time to answer, long polls left out.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.head = Gauge(
            "quittance_ledger_head",
            "Position of the lane's last event; it equals the events appended to the lane so far.",
            ("service", "lane"),
            registry=self.registry,
        )
        self.position = Gauge(
            "quittance_view_position",
            "Position of the last event a view holds.",
            ("view", "lane"),
            registry=self.registry,
        )
        self.lag = Gauge(
            "quittance_view_lag_events",
            "Events in the lane that a view does not hold yet.",
            ("view", "lane"),
            registry=self.registry,
        )
        self.parked = Gauge(
            "quittance_view_parked_streams",
            "Streams that wait because one of their events could not be applied.",
            ("view",),
            registry=self.registry,
        )
        self._of_readers()
        self.long_polls = Gauge(
            "quittance_feed_long_polls", "Feed requests that wait for an event.", registry=self.registry
        )
        self._of_channels()

    def _of_readers(self) -> None:
        of_a_lane = ("reader", "lane")
        self.heard = Gauge(
            "quittance_feed_position",
            "Position in another service's feed up to which a reader heard it, by the publisher's lanes from 0.",
            of_a_lane,
            registry=self.registry,
        )
        self.head_seen = Gauge(
            "quittance_feed_head_seen",
            "Position of the publisher's last event when the reader last looked.",
            of_a_lane,
            registry=self.registry,
        )
        self.unheard = Gauge(
            "quittance_feed_lag_events",
            "Events in the publisher's lane that the reader has seen to be there and has not come to.",
            of_a_lane,
            registry=self.registry,
        )

    def _of_channels(self) -> None:
        self.channel_up = Gauge(
            "quittance_channel_up",
            "1 while messages are handed to this provider, 0 while its circuit is open or it asked us to wait.",
            ("channel", "provider"),
            registry=self.registry,
        )
        self.channel_in_flight = Gauge(
            "quittance_channel_calls_in_flight",
            "Calls to this provider under way.",
            ("channel", "provider"),
            registry=self.registry,
        )
        self.channel_calls = Gauge(
            "quittance_channel_calls",
            "Calls to this provider since the process began, by what came of them.",
            ("channel", "provider", "came"),
            registry=self.registry,
        )

    def answered(self, *, method: str, route: str, status: int, seconds: float | None) -> None:
        """Count one request; `route` is the template, never the path; `seconds` is None for a long poll."""
        self.requests.labels(method, route, str(status)).inc()
        if seconds is not None:
            self.request_seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)
