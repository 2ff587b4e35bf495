"""The word list and the templates of this release, as data; `pins.json` holds the hash of each."""
