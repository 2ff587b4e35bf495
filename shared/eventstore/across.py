"""A command whose streams live in several lanes: one transaction, lanes in ascending order, outside the batches."""

from collections.abc import Mapping

from msgspec.structs import replace

from shared.eventstore import leaf
from shared.eventstore.building import Built, build
from shared.eventstore.port import Appended, Batch, BatchRefused, Busy, Known, Lost, Store, Verdict
from shared.eventstore.sealing import SealedCommand
from shared.eventstore.writer import answered
from shared.kernel.clock import Clock

TRIES_MAX = 20


async def commit_across(
    command: SealedCommand,
    lanes: Mapping[str, int],
    *,
    store: Store,
    origins: Mapping[int, str],
    clock: Clock,
) -> Appended:
    """All parts are stored or none. The answer's position is that of the first write's lane.

    `lanes` maps the command's streams to lanes. Raises StaleVersion, KeyReused, Busy and the store's errors.
    """
    parts = {
        lane: replace(command, writes=tuple(w for w in command.writes if lanes[w.stream] == lane))
        for lane in sorted(set(lanes.values()))
    }
    for _ in range(TRIES_MAX):
        built, batches = await _build(parts, store=store, origins=origins, clock=clock)
        try:
            verdicts = await store.commit_across(batches)
        except BatchRefused:
            continue
        return _answer(
            command, lanes[command.writes[0].stream], dict(zip(parts, verdicts, strict=True)), built
        )
    raise Busy("the lanes are contended by other writers")


async def _build(
    parts: Mapping[int, SealedCommand], *, store: Store, origins: Mapping[int, str], clock: Clock
) -> tuple[dict[int, Built], list[Batch]]:
    infos = {lane: await store.lane(lane) for lane in parts}
    now = clock.now()
    recorded_at = max([now, *(info.last_recorded_at for info in infos.values() if info.last_recorded_at)])
    at = leaf.instant(recorded_at)
    built: dict[int, Built] = {}
    for lane, part in parts.items():
        heads = await store.heads(lane, [write.stream for write in part.writes])
        built[lane] = build(part, heads=heads, log=origins[lane], recorded_at=recorded_at, at=at)
    return built, [Batch(lane, infos[lane].epoch, recorded_at, [built[lane].prepared]) for lane in parts]


def _answer(
    command: SealedCommand, first: int, verdicts: Mapping[int, Verdict], built: Mapping[int, Built]
) -> Appended:
    for lane, verdict in verdicts.items():
        if isinstance(verdict, Lost | Known):
            own = verdicts[first] if isinstance(verdict, Known) else verdict
            return answered(command, first, built[lane], own)
    heads = {stream: head for one in built.values() for stream, head in one.heads.items()}
    whole = Built(built[first].prepared, heads)
    return answered(command, first, whole, verdicts[first])
