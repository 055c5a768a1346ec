"""Work that is cut into many tasks, though there is little of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.resume.pieces import PIECES


@pytest.fixture(autouse=True)
def small_pieces() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in PIECES.items():
            patch.setattr(name, value)
        yield
