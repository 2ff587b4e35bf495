"""`python -m services.legal.adapters.law FOLDER`: write the pins of the packs in the package into a folder."""

import json
import sys
from pathlib import Path

from services.legal.adapters.law_files import PINS, pins_of

if __name__ == "__main__":
    Path(sys.argv[1], PINS).write_text(json.dumps(pins_of(), indent=2) + "\n", encoding="utf-8")
