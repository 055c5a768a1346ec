"""Messages in the words of Python."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.errors import BadOptionError, BudgetError, TargetError
from karospace_stream.formats.options import declared_options
from karospace_stream.model.finding import Finding
from karospace_stream.runtime.events import Note
from karospace_stream.words.door import notes_in_python
from karospace_stream.words.mentions import PROSE, rewrite
from karospace_stream.words.words import PYTHON, TERMINAL, errors_in_python, in_python

PACKAGE = Path(__file__).parents[2] / "karospace_stream"
FLAGS = {flag for each in declared_options() for flag in (each.flag, each.off_flag) if flag}
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]")


@pytest.mark.parametrize(
    ("flags", "keywords"),
    [
        ("--coords must be auto, got 'x'", "coords= must be auto, got 'x'"),
        ("--anno: there is no column 'kid'", "anno: there is no column 'kid'"),
        ("give a smaller --memory or fewer --workers", "give a smaller memory= or fewer workers="),
        (
            "--memory 1.2 GB is too small; give --memory 2GB",
            'memory="1.2 GB" is too small; give memory="2GB"',
        ),
        ("leave it out with --graph none.", 'leave it out with graph="none".'),
        ("name another with --graph KEY", "name another with graph=KEY"),
        ("add --overwrite to replace it", "add overwrite=True to replace it"),
        ("X (without --raw)", "X (without raw=True)"),
        ("--no-gzip and --no-image go together", "gzip=False and image=False go together"),
        ("--genes list:a b.txt: the file is gone", 'genes="list:a b.txt": the file is gone'),
        ("--scratch /my data/s: no room; see --scratch", 'scratch="/my data/s": no room; see scratch='),
        ("take them with --genes hvgs:500, or", 'take them with genes="hvgs:500", or'),
        ("the layer 'a' with --layer a", "the layer 'a' with layer=\"a\""),
        ("other --workers or --strategy cut it", "other workers= or strategy= cut it"),
        ("force it with --strategy spill", 'force it with strategy="spill"'),
        ("(without --leave-out obsm:a, uns:b c)", '(without leave_out=["obsm:a", "uns:b"] c)'),
        ("(without --leave-out obsm:a)", '(without leave_out="obsm:a")'),
        ("--shard needs --zarr-format 3: v2 has none", "shard=True needs zarr_format=3: v2 has none"),
        ("give --format anndata alone", 'give format="anndata" alone'),
        ("give --storage-option", "give storage_options="),
        ("run npm --loud and git commit --amend", "run npm --loud and git commit --amend"),
        ("a--anno ---anno", "a--anno ---anno"),
        ("", ""),
    ],
)
def test_keywords_for_flags(flags: str, keywords: str) -> None:
    assert in_python(flags) == keywords
    assert in_python(keywords) == keywords


def test_a_function_may_call_its_keywords_otherwise() -> None:
    names = {"obs_quantization": "obs_continuous_quantization"}
    assert in_python("--obs-quantization must be 8", names) == "obs_continuous_quantization= must be 8"


def test_errors_keep_their_type_and_their_numbers() -> None:
    with pytest.raises(BudgetError) as caught, errors_in_python():
        raise BudgetError("give --memory 9MB", budget_nbytes=1, needed_nbytes=9, stage="gather")
    assert str(caught.value) == 'give memory="9MB"'
    assert caught.value.needed_nbytes == 9
    with pytest.raises(BadOptionError, match=r"^anno: no$"), errors_in_python():
        raise BadOptionError("--anno: no")
    with pytest.raises(ValueError, match="--anno"), errors_in_python():
        raise ValueError("--anno is none of ours here")


def test_a_note_in_each_interface() -> None:
    found = Finding("x", "X holds counts", "layer", "log")
    assert PYTHON.note(Note(found.text, found)) == 'note: X holds counts (to change: layer="log")'
    assert TERMINAL.note(Note(found.text, found)) == "note: X holds counts (to change: --layer log)"
    assert PYTHON.note(Note("add --resume")) == "note: add resume=True"
    assert TERMINAL.note(Note("add --resume")) == "note: add --resume"


def sentences() -> Iterator[str]:
    """All texts of the program that name a flag; what is filled in is an X."""
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        parts = {part for node in joined for part in node.values}
        for node in set(ast.walk(tree)) - parts:
            text = ""
            if isinstance(node, ast.JoinedStr):
                text = "".join(each.value if isinstance(each, ast.Constant) else "X" for each in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
            if FLAGS & set(FLAG.findall(text)) and "\n" not in text:
                yield text


def test_no_flag_is_left_in_any_sentence_of_the_program() -> None:
    several = list(sentences())
    assert len(several) > 100
    for text in several:
        assert not FLAGS & set(FLAG.findall(in_python(text))), text


def test_no_word_of_a_sentence_is_taken_for_a_value() -> None:
    """A new message may need a new word in `PROSE`."""
    known = {
        "all",
        "none",
        "auto",
        "karospace",
        "cellucid",
        "anndata",
        "pass",
        "memory",
        "spill",
        "obs",
        "uns",
        "seurat",
        "grid",
        "inner",
        "outer",
        "table",
        "own",
        "classic",
        "packed",
        "source",
    }
    values: set[str] = set()
    for text in sentences():
        rewrite(text, lambda mention: values.add(mention.value) or "")
    words = {value for value in values if re.fullmatch("[a-z]+", value)}
    assert words <= known, f"values, or words for PROSE in words/mentions.py? {words - known}"
    assert not known & PROSE


@pytest.mark.parametrize(
    ("genes", "hint"),
    [
        ("CD3D", '; did you mean genes=["CD3D"]?'),
        ("CD3D, CD8A", '; did you mean genes=["CD3D", "CD8A"]?'),
        ("ALLL", '; did you mean genes="all" or genes=["ALLL"]?'),
        ("hvg:500", '; did you mean genes="hvgs:500"?'),
        ("500", '; did you mean genes="hvgs:500"?'),
        ("names.txt", '; did you mean genes="list:names.txt"?'),
        ("x:y", '; to name genes, give a list, as in genes=["CD3D", "CD8A"]'),
    ],
)
def test_the_name_of_a_gene_is_proposed_as_python_takes_it(genes: str, hint: str) -> None:
    cells = anndata.AnnData(np.ones((3, 2), np.float32), obsm={"X_umap": np.ones((3, 2))})
    with pytest.raises(BadOptionError) as caught:
        karospace_stream.plan_export(cells, genes=genes)
    assert str(caught.value).endswith(f"got {genes!r}{hint}")


def test_what_leaves_through_the_front_door_speaks_python(tmp_path: Path) -> None:
    cells = anndata.AnnData(np.ones((3, 2), np.float32), obsm={"X_umap": np.ones((3, 2))})
    with pytest.raises(BadOptionError, match=r"anno: the file has no obs column 'kid'"):
        karospace_stream.plan_export(cells, anno="kid")
    karospace_stream.export(cells, tmp_path / "out")
    with pytest.raises(TargetError, match=r"add overwrite=True"):
        karospace_stream.export(cells, tmp_path / "out")
    assert karospace_stream.export is karospace_stream.export
    assert pickle.loads(pickle.dumps(karospace_stream.export)) is karospace_stream.export
    heard: list[Any] = []
    notes_in_python(heard.append)(Note("add --resume"))
    assert heard == [Note("add resume=True")]
