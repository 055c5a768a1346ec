"""The case of the cluster still runs, and all its ways write the same. No time is asserted."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks.cluster import QUICK, WAYS, measure_cluster, section
from tests.stores.servers import rclone_program


@pytest.mark.big
@pytest.mark.skipif(sys.platform != "linux", reason="counts bytes by /proc")
@pytest.mark.skipif(rclone_program() is None, reason="rclone, which serves folders as S3, is not on the PATH")
def test_quick_form(tmp_path: Path) -> None:
    said: list[str] = []
    records = measure_cluster(tmp_path, said.append, QUICK, rounds=1)
    assert [record["side"] for record in records] == [way.label for way in WAYS]
    assert any("files of each are the same" in line for line in said)
    for record in records:
        assert record["wall_s"] > 0
        assert record["told"]["peak_nbytes"] > 10e6
        assert record["n_objects"] > 30
        assert str(tmp_path) not in json.dumps(record)
    workers = records[-1]["told"]
    assert (workers["strategy"], workers["workers"]) == ("spill", 1)
    table = section([*records, {"case": "other"}]).splitlines()
    assert [row.split(" | ")[0].strip("| ") for row in table[2:]] == [way.label for way in WAYS]
    assert not [path for path in tmp_path.iterdir() if path.name != "data"]
