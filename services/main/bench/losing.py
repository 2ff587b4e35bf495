"""loss: 16 writers and a follower, `kill -9` of any of them and of the server, and what the store holds afterwards."""

from services.main.bench.figures import Figure
from services.main.bench.loss import loss_rounds
from services.main.bench.places import on_loop, postgres_server

SEED = 20261122


def killed(*, quick: bool) -> list[Figure]:
    """loss: the count of what was lost, stored twice, missed, repeated or out of order. It must be 0."""
    rounds = 2 if quick else 60
    with postgres_server() as server:
        report = on_loop(loss_rounds(server, rounds=rounds, seed=SEED, seconds=None if quick else 110))
    faults = report.lost + report.doubled + report.missed + report.repeated + report.gaps
    case = f"{report.rounds} kills, {report.acknowledged:,} acknowledged"
    return [Figure("loss", case, float(faults), "events")]
