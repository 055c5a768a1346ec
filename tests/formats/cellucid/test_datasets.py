"""The list of several exports."""

from __future__ import annotations

import json
from typing import Any

import pytest

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.cellucid.layout.datasets import listed
from karospace_stream.formats.layout.datasets import Listed, datasets_manifest
from tests.oracle.strict import parse_json


def identity(**content: Any) -> bytes:
    return json.dumps(content).encode()


def test_the_list_is_ordered_by_folder() -> None:
    exports = [
        listed("b", identity(id="x", name="X", stats={"n_cells": 5, "n_genes": 7})),
        listed("a b", identity(id="y", name="Ÿ", stats={"n_cells": 5, "n_genes": 0})),
        listed("c", identity()),
    ]
    blob = datasets_manifest(exports)
    assert (blob.key, blob.media_type) == ("datasets.json", "application/json")
    assert parse_json(blob.data) == {
        "version": 1,
        "default": "y",
        "datasets": [
            {"id": "y", "path": "a b/", "name": "Ÿ", "n_cells": 5},
            {"id": "x", "path": "b/", "name": "X", "n_cells": 5, "n_genes": 7},
            {"id": "c", "path": "c/", "name": "c"},
        ],
    }
    assert parse_json(datasets_manifest(exports, "x").data)["default"] == "x"


def test_the_list_says_what_people_read_about_an_export() -> None:
    known = Listed("a", "x", "X", title="Long", description="y" * 2_000, y_up=True, picture="p/preview.png")
    bare = Listed("b", "y", "Y", y_up=True)
    assert parse_json(datasets_manifest([known, bare]).data)["datasets"] == [
        {
            "id": "x",
            "path": "a/",
            "name": "X",
            "title": "Long",
            "description": "y" * 1_000,
            "picture": "p/preview.png",
            "picture_y_up": True,
        },
        {"id": "y", "path": "b/", "name": "Y"},
    ]


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b'{"stats": 3}', b'{"stats": {"n_cells": "many"}}'])
def test_what_is_no_identity_is_refused(data: bytes) -> None:
    with pytest.raises(BadInputError, match=r"a/dataset_identity\.json is not a data set identity"):
        listed("a", data)


def test_refusals() -> None:
    exports = [Listed("a", "x", "X"), Listed("b", "x", "Y")]
    with pytest.raises(BadInputError, match="'a' and 'b' have the same id 'x'"):
        datasets_manifest(exports)
    with pytest.raises(BadOptionError, match="No export has the id 'z'; there are 'x'"):
        datasets_manifest(exports[:1], "z")
    with pytest.raises(BadInputError, match="no export"):
        datasets_manifest([])
