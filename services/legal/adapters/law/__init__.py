"""The law packs of this release, as data; `pins.json` holds the hash of each."""
