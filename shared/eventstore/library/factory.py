"""The infrastructure factory: how the library finds our ledger.

    PERSISTENCE_MODULE=shared.eventstore.library
    QUITTANCE_STORE=sqlite:///./.quittance/          or postgresql://…
    QUITTANCE_SERVICE=case                           whose ledger in the store (default: case)
    QUITTANCE_KEYS=./.quittance/keys.json            the key file (default: beside the store, or this)
    QUITTANCE_DEPLOYMENT=local                       the name every leaf repeats
    CREATE_TABLE=no                                  do not provision lanes that are not there

Each may be prefixed with the application's name, as the library's own settings. An application's events are in the
lane of tenant `library:<name in lower case>`.
"""

from pathlib import Path
from typing import Any, TypeVar

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    ProcessRecorder,
)
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

from shared.eventstore.library.facade import Facade, Where
from shared.eventstore.library.recorders import (
    LedgerAggregateRecorder,
    LedgerApplicationRecorder,
    LedgerProcessRecorder,
    LedgerSnapshotRecorder,
    LedgerTrackingRecorder,
)

R = TypeVar("R", bound="LedgerAggregateRecorder | LedgerTrackingRecorder")
K = TypeVar("K")

STORE = "QUITTANCE_STORE"
SERVICE = "QUITTANCE_SERVICE"
KEYS = "QUITTANCE_KEYS"
DEPLOYMENT = "QUITTANCE_DEPLOYMENT"
CREATE_TABLE = "CREATE_TABLE"
DB_FUNCTIONS = "POSTGRES_ENABLE_DB_FUNCTIONS"
DEFAULT_SERVICE = "case"
DEFAULT_DEPLOYMENT = "local"
DEFAULT_FOLDER = Path("./.quittance")
UNNAMED = "stored"


def where(env: Environment) -> Where:
    """The store that the environment names; OSError, as the library's own factories, if it does not say enough."""
    if strtobool(env.get(DB_FUNCTIONS) or "no"):
        raise OSError(f"{DB_FUNCTIONS} is refused: with it followers skip events for ever; unset it")
    url = env.get(STORE)
    if not url:
        raise OSError(f"no store is named; set one of {', '.join(env.create_keys(STORE))}")
    sqlite = url.startswith("sqlite:///")
    if not sqlite and not url.startswith(("postgresql://", "postgres://")):
        raise OSError(f"{STORE} is sqlite:///DIR/ or postgresql://…")
    folder = Path(url.removeprefix("sqlite:///")) if sqlite else DEFAULT_FOLDER
    return Where(
        url=url,
        service=env.get(SERVICE) or DEFAULT_SERVICE,
        key_file=Path(env.get(KEYS) or folder / "keys.json"),
        deployment=env.get(DEPLOYMENT) or DEFAULT_DEPLOYMENT,
    )


class LedgerFactory(InfrastructureFactory[LedgerTrackingRecorder]):
    """Makes recorders that share one facade, and closes it."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self.facade = Facade(where(self.env))

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """`snapshots` go into the snapshot table; any other purpose has a lane of its own, `events` the
        application's."""
        if purpose == "snapshots":
            return self._made(LedgerSnapshotRecorder(self.facade, self._name))
        name = self._name if purpose == "events" else f"{self._name}:{purpose}"
        return self._made(LedgerAggregateRecorder(self.facade, name))

    def application_recorder(self) -> ApplicationRecorder:
        """Of the class that APPLICATION_RECORDER_TOPIC names, if it names one."""
        topic = self.env.get(self.APPLICATION_RECORDER_TOPIC)
        kind: type[LedgerApplicationRecorder] = resolve_topic(topic) if topic else LedgerApplicationRecorder
        return self._made(_checked(kind, LedgerApplicationRecorder)(self.facade, self._name))

    def tracking_recorder(
        self, tracking_recorder_class: type[LedgerTrackingRecorder] | None = None
    ) -> LedgerTrackingRecorder:
        """Of the class given, else of the one that TRACKING_RECORDER_TOPIC names."""
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        kind: type[LedgerTrackingRecorder] = tracking_recorder_class or (
            resolve_topic(topic) if topic else LedgerTrackingRecorder
        )
        return self._made(_checked(kind, LedgerTrackingRecorder)(self.facade, self._name))

    def process_recorder(self) -> ProcessRecorder:
        """Of the class that PROCESS_RECORDER_TOPIC names, if it names one."""
        topic = self.env.get(self.PROCESS_RECORDER_TOPIC)
        kind: type[LedgerProcessRecorder] = resolve_topic(topic) if topic else LedgerProcessRecorder
        return self._made(_checked(kind, LedgerProcessRecorder)(self.facade, self._name))

    def close(self) -> None:
        """Writes what waits; recorders refuse afterwards."""
        self.facade.close()

    @property
    def _name(self) -> str:
        return self.env.name.lower() or UNNAMED

    @property
    def _creates(self) -> bool:
        return bool(strtobool(self.env.get(CREATE_TABLE) or "yes"))

    def _made(self, recorder: R) -> R:
        if self._creates:
            recorder.create_table()
        return recorder


def _checked(kind: type[K], base: type[Any]) -> type[K]:
    if not issubclass(kind, base):
        raise TypeError(f"{kind} is no {base.__name__}")
    return kind


Factory = LedgerFactory
