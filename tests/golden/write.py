"""Write the golden file of every stored name that has none: `python -m tests.golden.write`. Never overwrites.

Of an old version that has no file any more nothing can be written: its bytes are out there, not here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from shared.eventstore.registry import Registry
from tests.golden.samples import SAMPLES
from tests.golden.stored import EVENTS, missing, path_of, registries, seal


def write_missing(registry: Registry, *, folder: Path = EVENTS) -> list[str]:
    """The stored names written; KeyError names a type without a sample in `tests.golden.samples`."""
    folder.mkdir(parents=True, exist_ok=True)
    newest = {kind.type: kind.schema for kind in sorted(registry.types, key=lambda kind: kind.schema)}
    present = {f"{type_}/v{schema}" for type_, schema in newest.items()}
    names = [name for name in missing(registry, folder=folder) if name in present]
    for name in names:
        text = msgspec.json.format(msgspec.json.encode(seal(SAMPLES[name], registry=registry)), indent=2)
        with path_of(name, folder=folder).open("xb") as file:
            file.write(text + b"\n")
    return names


def main() -> None:
    """Say what was written."""
    for registry in registries().values():
        for name in write_missing(registry):
            sys.stdout.write(f"{path_of(name).name}\n")


if __name__ == "__main__":
    main()
