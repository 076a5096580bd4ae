"""Let `python -m opsline` do what `opsline` does."""

import sys

from opsline.cli import main

sys.exit(main())
