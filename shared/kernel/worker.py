"""What runs for as long as a process does, beside the views: a sender, a planner, a listener."""

from typing import Protocol


class Worker(Protocol):
    """Runs until it is told to stop, and comes back by itself from whatever breaks."""

    name: str
    """For logs."""

    async def run(self) -> None:
        """Work until stopped."""

    def stop(self) -> None:
        """Finish the thing at hand and return from `run`; whoever comes next goes on."""
