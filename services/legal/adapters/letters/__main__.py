"""`python -m services.legal.adapters.letters FOLDER`: write the pins of word list and templates into a folder."""

import json
import sys
from pathlib import Path

from services.legal.adapters.letters.template_files import PINS, pins_of

if __name__ == "__main__":
    Path(sys.argv[1], PINS).write_text(json.dumps(pins_of(), indent=2) + "\n", encoding="utf-8")
