"""Every byte of an export is as it was: recorded for all real files and four synthetic ones.

A change that means to write other bytes says so, and remakes the record: ``python -m tests.bytes --write``.
Without ``--write`` the command compares all exports and names each object that differs. Where the libraries
are not those of the record, compare two states of the code: make a record of the older one in a folder
(``--write --record FOLDER``), and compare the newer one with it (``--record FOLDER``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bytes.environment import different, environment
from tests.bytes.exports import Objects, export_objects
from tests.bytes.inputs import DATA, INPUTS, REAL, SYNTHETIC, path_of, sha256_of
from tests.bytes.options import FORMATS, SETS
from tests.bytes.record import FOLDER, differences, read_environment, read_input, write_input

pytestmark = pytest.mark.filterwarnings("ignore:The '.*' option is deprecated")


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where synthetic inputs are, each written once."""
    return tmp_path_factory.mktemp("bytes")


@pytest.fixture(scope="session")
def check() -> Callable[[list[str]], None]:
    """Fail where something differs; skip where it may be the libraries that do."""

    def run(lines: list[str]) -> None:
        elsewhere = different(read_environment(FOLDER), environment())
        text = "\n".join([f"{len(lines)} differ from the record:", *lines[:40]])
        if lines and elsewhere:
            pytest.skip(f"not the libraries of the record ({'; '.join(elsewhere)}), and {text}")
        assert not lines, text

    return run


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("option_set", SETS)
@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.few(10)
def test_bytes_are_as_recorded(name: str, option_set: str, format: str, inputs: Path, check) -> None:
    if name in REAL and not DATA.is_dir():
        pytest.skip(f"the shared test data is not at {DATA}")
    source, exports = read_input(FOLDER, name)
    if sha256_of(path_of(name, inputs)) != source:
        check([f"{name}: not the input of the record"])
    check(differences(exports[f"{option_set} {format}"], export_objects(name, option_set, format, inputs)))


def test_every_real_file_is_an_input() -> None:
    if not DATA.is_dir():
        pytest.skip(f"the shared test data is not at {DATA}")
    assert {path.name for path in DATA.iterdir() if path.suffix != ".md"} == set(REAL)


def test_the_record_has_every_export() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(INPUTS)
    assert len(SYNTHETIC) == 4
    for name in INPUTS:
        assert set(read_input(FOLDER, name)[1]) == {f"{a} {b}" for a in SETS for b in FORMATS}


def test_the_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    exports: dict[str, Objects | int] = {
        "defaults karospace": {"b/c d.gz": "12", 'a\n"\\[ü': "34", "  e": "56"},
        "defaults anndata": 3,
        "compact anndata": {},
    }
    write_input(tmp_path, "x.h5ad", "ff", exports)
    assert read_input(tmp_path, "x.h5ad") == ("ff", exports)


def test_differences_are_named() -> None:
    assert differences({"a": "1", "b": "2", "c": "3"}, {"b": "2", "c": "4", "d": "5"}) == [
        "a is not written any more",
        "c has other bytes",
        "d is new",
    ]
    assert differences({"a": "1"}, 3) == ["1 objects in the record, and is refused with exit code 3"]
    assert differences(3, 3) == []
    assert different({"isal": "1.8"}, {"isal": "1.9"}) == ["isal is 1.9 and was 1.8"]
