"""``python -m karospace_stream``: the command ``karospace-stream``."""

from __future__ import annotations

from karospace_stream.cli import main

if __name__ == "__main__":
    main()
