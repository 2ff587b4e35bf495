"""`python -m services.main.reference DIR`: write the pages of docs/reference/ that are made from code."""

import sys
from pathlib import Path

from services.main.reference import pages

if __name__ == "__main__":
    for changed in pages.write(Path(sys.argv[1])):
        print(f"written: {changed}")
