"""Where exports keep their scratch."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A folder of its own, so that a test can see that nothing stays."""
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"
