"""Exports every case with cellucid 0.0.9. Runs in the peer's environment, with a folder as argument."""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from pathlib import Path


def main(out: Path) -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    from cases import CASES, variants
    from cellucid import prepare

    warnings.simplefilter("ignore")
    for case in CASES:
        for name, arguments in variants(case).items():
            said = io.StringIO()
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
                prepare(out_dir=out / name, **arguments)
            (out / f"{name}.txt").write_text(said.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
