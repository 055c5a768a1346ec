"""Random damage beside a matrix: an error in one line, or a part that is left out; never a crash."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from karospace_stream.errors import BadInputError
from tests.inputs.spatial.test_space_ranger import opened
from tests.made.tenx_folders import write_visium, write_visium_hd, write_xenium

_TEXTS = (b"nan", b"-1e999", b",", b"\n", b'"', b"9" * 21, "µ".encode())


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Cut, changed, repeated or emptied somewhere."""
    made = bytearray(data)
    at, kind = rng.randrange(len(data)), rng.randrange(5)
    if kind == 0:
        return data[:at]
    if kind == 1:
        for _ in range(rng.randrange(1, 8)):
            made[rng.randrange(len(made))] = rng.randrange(256)
    elif kind == 2:
        made[at : at + 8] = bytes(len(made[at : at + 8]))
    elif kind == 3:
        made[at:at] = made[at : at + rng.randrange(200)]
    else:
        made[at : at + 1] = rng.choice(_TEXTS)
    return bytes(made)


def read_all(folder: Path) -> None:
    """Open a folder, and read what lies beside the matrix."""
    source = opened(folder)
    n_cells = source.catalog.n_cells
    for column in source.catalog.obs:
        source.obs_column(column.name, 0, n_cells)
    for entry in source.catalog.obsm:
        assert source.obsm(entry.key, 0, n_cells, entry.n_columns).shape == (n_cells, entry.n_columns)
    for image in source.catalog.images:
        source.image(image.library, image.resolution)
    assert not any("\n" in why for _, why in source.catalog.unreadable)


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("n_cases", [40, pytest.param(1500, marks=pytest.mark.big)])
def test_random_damage(tmp_path: Path, n_cases: int) -> None:
    rng = random.Random(n_cases)
    write_visium(tmp_path / "text" / "outs", analysis=True)
    write_visium(tmp_path / "parquet" / "outs", positions="tissue_positions.parquet")
    write_visium_hd(tmp_path / "bins" / "outs")
    write_xenium(tmp_path / "xenium" / "outs")
    write_xenium(tmp_path / "packed" / "outs", cells="cells.csv.gz")
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".h5")
    refused = []
    for _ in range(n_cases):
        path = rng.choice(files)
        data = path.read_bytes()
        path.write_bytes(damaged(data, rng))
        try:
            read_all(tmp_path / path.relative_to(tmp_path).parts[0] / "outs")
        except BadInputError as error:
            refused.append(str(error))
        path.write_bytes(data)
    assert 0 < len(refused) < n_cases
    assert not any("\n" in each for each in refused)
