"""`python -m services.contact.adapters.texts FOLDER`: write the pins of word list and templates into a folder."""

import json
import sys
from pathlib import Path

from services.contact.adapters.texts.template_files import pins_of
from services.contact.adapters.texts.word_file import PINS

if __name__ == "__main__":
    Path(sys.argv[1], PINS).write_text(json.dumps(pins_of(), indent=2) + "\n", encoding="utf-8")
