"""Every test case of `eventsourcing.tests.persistence`, unmodified, told how to get a recorder of ours.

Not collected here: `test_library_cases.py` runs each class of this module on each back end.
"""

from typing import Any

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    JSONTranscoder,
    ProcessRecorder,
    TrackingRecorder,
    Transcoder,
    Transcoding,
    UUIDAsHex,
)
from eventsourcing.tests import persistence as library
from eventsourcing.utils import Environment, get_topic

from shared.eventstore.library import Factory, recorders
from tests.shared.eventstore.library.seam import APPLICATION, Seam


class AggregateRecorderCase(Seam, library.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return self.a_factory().aggregate_recorder()


class SnapshotRecorderCase(Seam, library.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return self.a_factory().aggregate_recorder(purpose="snapshots")


class ApplicationRecorderCase(Seam, library.ApplicationRecorderTestCase[ApplicationRecorder]):
    def create_recorder(self) -> ApplicationRecorder:
        return self.a_factory().application_recorder()

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TextIdApplicationRecorderCase(ApplicationRecorderCase):
    def new_originator_id(self) -> str:
        return f"账户/{super().new_originator_id()} +~%"


class FromZeroApplicationRecorderCase(ApplicationRecorderCase):
    INITIAL_VERSION = 0


class TrackingRecorderCase(Seam, library.TrackingRecorderTestCase):
    def create_recorder(self) -> TrackingRecorder:
        return self.a_factory().tracking_recorder()


class ProcessRecorderCase(Seam, library.ProcessRecorderTestCase):
    def create_recorder(self) -> ProcessRecorder:
        return self.a_factory().process_recorder()


class ProcessAsApplicationRecorderCase(ApplicationRecorderCase):
    def create_recorder(self) -> ApplicationRecorder:
        return self.a_factory().process_recorder()


class ProcessAsTrackingRecorderCase(TrackingRecorderCase):
    def create_recorder(self) -> TrackingRecorder:
        return self.a_factory().process_recorder()


class NonInterleavingCase(Seam, library.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return self.a_factory().application_recorder()


class AView(recorders.LedgerTrackingRecorder):
    """A view of somebody's own."""


class FactoryCase(Seam, library.InfrastructureFactoryTestCase[Factory]):
    def setUp(self) -> None:
        self.env = Environment(APPLICATION, self.settings)
        super().setUp()

    def expected_factory_class(self) -> type[Factory]:
        return Factory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return recorders.LedgerAggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return recorders.LedgerApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return recorders.LedgerTrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return AView

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return recorders.LedgerProcessRecorder


def _as_plain(kind: type[Any], plain: type[Any], name: str) -> Transcoding:
    """Writes a subclass of a plain type as that type."""

    class AsPlain(Transcoding):
        def encode(self, obj: Any) -> Any:
            return plain(obj)

        def decode(self, data: Any) -> Any:
            return kind(data)

    AsPlain.type, AsPlain.name = kind, name
    return AsPlain()


class WholeTranscoder(JSONTranscoder):
    """The library's case asks for tuples and subclasses too, which its own JSONTranscoder leaves to the standard
    library's encoder; this one meets them first."""

    def __init__(self) -> None:
        super().__init__()
        for kind, plain, name in (
            (tuple, list, "tuple_as_list"),
            (library.Mydict, dict, "mydict"),
            (library.MyList, list, "mylist"),
            (library.MyStr, str, "mystr"),
            (library.MyInt, int, "myint"),
        ):
            self.register(_as_plain(kind, plain, name))
        for transcoding in (library.CustomType1AsDict(), library.CustomType2AsDict(), UUIDAsHex()):
            self.register(transcoding)

    def encode(self, obj: Any) -> bytes:
        return super().encode(self._plain(obj))

    def _plain(self, obj: Any) -> Any:
        transcoding = self.types.get(type(obj))
        if transcoding is not None:
            return {"_type_": transcoding.name, "_data_": self._plain(transcoding.encode(obj))}
        if type(obj) is dict:
            return {key: self._plain(value) for key, value in obj.items()}
        return [self._plain(value) for value in obj] if type(obj) is list else obj


class TranscoderCase(Seam, library.TranscoderTestCase):
    def construct_transcoder(self) -> Transcoder:
        return self.a_factory(TRANSCODER_TOPIC=get_topic(WholeTranscoder)).transcoder()


ALL = tuple(
    kind
    for kind in list(globals().values())
    if isinstance(kind, type) and issubclass(kind, Seam) and kind is not Seam
)
"""What runs on both back ends: every class above that gets its store from the seam."""
