"""Keywords where people look for them: signatures, completion, suggestions for those that do not exist."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream.formats.options import declared_options
from karospace_stream.options.other_names import MEANT

OPTIONS = {each.name: each for each in declared_options()}
TARGET = {name for name, each in OPTIONS.items() if not each.plans}


@pytest.mark.parametrize("name", ["export", "plan_export", "serve", "show"])
def test_signatures_have_every_option_with_type_and_default(name: str) -> None:
    parameters = inspect.signature(getattr(karospace_stream, name)).parameters
    missing = TARGET if name in ("serve", "show") else set()
    assert set(OPTIONS) - missing <= set(parameters)
    assert not missing & set(parameters)
    for each in OPTIONS.keys() - missing:
        assert parameters[each].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters[each].annotation is not inspect.Parameter.empty
        assert parameters[each].default == OPTIONS[each].default
    assert "options" not in parameters
    assert str(parameters["memory"]) == "memory: str | int | None = None"


def test_tab_completes_keywords() -> None:
    core = pytest.importorskip("IPython.core.completer", reason="IPython is not installed")
    completer = core.IPCompleter(namespace={"karospace_stream": karospace_stream}, use_jedi=False)
    with core.provisionalcompleter():
        text = "karospace_stream.export(x, y, var_qu"
        found = [each.text for each in completer.completions(text, len(text))]
    assert "var_quantization=" in found


@pytest.mark.parametrize(
    ("keyword", "hint"),
    [
        ("annotations", "did you mean anno=?"),
        ("annotation_columns", "did you mean anno=?"),
        ("gense", "did you mean genes=?"),
        ("n_jobs", "did you mean workers=?"),
        ("Memory", "did you mean memory=?"),
        ("force", "did you mean overwrite=?"),
        ("dataset_name", "did you mean name=?"),
        ("qqq", "help(export) lists all"),
    ],
)
def test_a_keyword_that_is_none_gets_a_suggestion(keyword: str, hint: str, tmp_path: Path) -> None:
    wrong: dict[str, Any] = {keyword: 1}
    with pytest.raises(TypeError) as caught:
        karospace_stream.export("gone.h5ad", tmp_path / "out", **wrong)
    assert str(caught.value) == f"export() got an unexpected keyword argument {keyword!r}; {hint}"
    hint = hint.replace("(export)", "(serve)") if keyword != "force" else "help(serve) lists all"
    with pytest.raises(TypeError) as caught:
        karospace_stream.serve(anndata.AnnData(np.ones((2, 2))), port=0, **wrong)
    assert str(caught.value) == f"serve() got an unexpected keyword argument {keyword!r}; {hint}"
    with pytest.raises(TypeError, match=r"show\(\) got"):
        karospace_stream.show("gone", **wrong)


@pytest.mark.parametrize(
    ("function", "keyword", "hint"),
    [
        ("show", "heigth", "did you mean height=?"),
        ("serve", "prot", "did you mean port=?"),
        ("verify", "sampel", "did you mean sample=?"),
        ("verify", "n_jobs", "did you mean workers=?"),
        ("clean", "storage_option", "did you mean storage_options=?"),
        ("clean", "gene_ids", "help(clean) lists all"),
        ("check_host", "time_out", "did you mean timeout=?"),
        ("open_source", "storage", "did you mean storage_options=?"),
        ("export_h5ad", "conf", "did you mean config=?"),
        ("prepare", "latent", "did you mean latent_space=?"),
        ("prepare", "forc", "did you mean force=?"),
        ("plan_export", "progress", "it shows none, leave it out"),
        ("generate_datasets_manifest", "default", "did you mean default_dataset=?"),
    ],
)
def test_every_function_suggests_a_keyword(function: str, keyword: str, hint: str) -> None:
    with pytest.raises(TypeError) as caught:
        getattr(karospace_stream, function)(**{keyword: 1})
    assert str(caught.value) == f"{function}() got an unexpected keyword argument {keyword!r}; {hint}"


def test_other_names_are_of_options_and_none_is_an_option() -> None:
    assert set(MEANT.values()) <= OPTIONS.keys()
    assert not MEANT.keys() & OPTIONS.keys()
