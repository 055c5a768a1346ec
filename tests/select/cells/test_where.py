"""An expression selects what `pandas.DataFrame.query` selects, and nothing in it is executed."""

from __future__ import annotations

from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.options import read_options
from karospace_stream.plan.cells import choose as choosing
from karospace_stream.plan.cells.choose import choose_rows
from karospace_stream.source import open_source
from karospace_stream.source.anndata_source import AnnDataSource

N = 60


def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    tissue = rng.choice(["lung", "liver", "gut"], N).astype(object)
    tissue[::7] = None
    number = rng.normal(size=N)
    number[::5] = np.nan
    whole = pd.array(rng.integers(-3, 4, N), "Int64")
    whole[::6] = pd.NA
    maybe = pd.array(rng.random(N) > 0.5, "boolean")
    maybe[::4] = pd.NA
    stage = pd.Categorical(rng.choice(["early", "mid", "late"], N), ["early", "mid", "late"], ordered=True)
    return pd.DataFrame(
        {
            "tissue": pd.Categorical(tissue),
            "organ": rng.choice(["lung", "gut"], N).astype(object),
            "n_counts": rng.integers(0, 9, N),
            "n_genes": rng.integers(0, 9, N).astype(np.uint8),
            "score": number,
            "score32": rng.choice([0.1, 0.25, -1.5], N).astype(np.float32),
            "whole": whole,
            "doublet": rng.random(N) > 0.5,
            "maybe": maybe,
            "stage": pd.Categorical(
                np.where(np.arange(N) % 9 == 0, None, np.asarray(stage)), dtype=stage.dtype
            ),
            "leiden": pd.Categorical(rng.integers(0, 4, N)),
            "level": pd.Categorical(rng.integers(0, 4, N), ordered=True),
            "sure": pd.Categorical(rng.random(N) > 0.5),
            "% mito (raw)": rng.random(N) * 10,
            "class": rng.choice(["a", "b"], N),
        },
        index=[f"cell{n}" for n in range(N)],
    )


OBS = frame()


@pytest.fixture(scope="module")
def source() -> AnnDataSource:
    x = sparse.csr_matrix((N, 2), dtype=np.float32)
    return open_source(anndata.AnnData(x, OBS, pd.DataFrame(index=["a", "b"])))


def rows(source: AnnDataSource, where: str) -> list[int]:
    chosen, _ = choose_rows(source, read_options({"where": where}))
    return list(range(N)) if chosen is None else chosen.tolist()


def wanted(where: str) -> list[int]:
    numbered = OBS.assign(row_=np.arange(N))
    return [int(row) for row in numbered.query(where.replace("obs_names", "index"), engine="python")["row_"]]


@pytest.mark.parametrize("at_once", [7, 1 << 16])
@pytest.mark.parametrize(
    "where",
    [
        "tissue == 'lung' and n_counts > 3",
        "tissue != 'lung'",
        "tissue in ['lung', 'gut'] or doublet",
        "tissue not in ['lung', \"gut\"]",
        "tissue == ['lung', 'gut']",
        "not doublet",
        "doublet == True and doublet != False",
        "2 < n_counts <= 6",
        "3 >= n_counts",
        "n_counts > n_genes",
        "n_counts == n_genes != whole",
        "score > -0.5",
        "score != 0",
        "not score > 0",
        "whole > 0",
        "not whole > 0",
        "whole != 1",
        "whole not in [1, 2]",
        "maybe",
        "not maybe",
        "maybe and doublet",
        "maybe or doublet",
        "not (maybe and whole > 0)",
        "score32 == 0.1",
        "score32 in [0.25, -1.5]",
        "stage < 'late'",
        "stage >= 'mid' and not stage == 'late'",
        "'mid' <= stage",
        "leiden == 2",
        "leiden in [1, 3]",
        "leiden != 1",
        "level >= 2",
        "sure == True",
        "sure in [False]",
        "leiden not in [0, 1.0]",
        "`% mito (raw)` < 5 and `class` == 'a'",
        "obs_names in ['cell3', 'cell50', 'other']",
        "obs_names == 'cell7'",
        "(n_counts > 3 or n_genes > 3) and not (tissue == 'gut' or score < 0)",
        "organ == 'lung' and whole == whole",
        "score.isna()",
        "not score == whole",
        "whole != score",
        "tissue.notna() and not whole.isna()",
        "n_counts > -1.5e0 and n_counts < +4",
        "n_counts in (1, 2.5, 3)",
        "  tissue ==\n 'lung'  ",
    ],
)
def test_selects_what_pandas_selects(
    source: AnnDataSource, where: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "TILE", at_once)
    found = wanted(" ".join(where.split()))
    assert rows(source, where) == found
    assert found


def test_functions_are_methods_of_pandas(source: AnnDataSource) -> None:
    assert rows(source, "isna(score) or notnull(whole)") == wanted("score.isna() or whole.notna()")


LEAVES = st.one_of(
    st.builds(
        "{} {} {}".format,
        st.sampled_from(["n_counts", "n_genes", "score", "score32", "whole", "doublet", "`% mito (raw)`"]),
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        st.sampled_from(["0", "1", "-1", "0.1", "2.5", "1e3", "n_counts", "whole", "score"]),
    ),
    st.builds(
        "{} {} {!r}".format,
        st.sampled_from(["tissue", "organ", "stage", "`class`"]),
        st.sampled_from(["==", "!="]),
        st.sampled_from(["lung", "gut", "mid", "late", "a", "none"]),
    ),
    st.builds(
        "{} {} {}".format,
        st.sampled_from(["tissue", "organ", "stage"]),
        st.sampled_from(["in", "not in", "==", "!="]),
        st.lists(st.sampled_from(["lung", "gut", "mid", "late"]), min_size=1, max_size=3),
    ),
    st.builds(
        "{} {} {}".format,
        st.sampled_from(["n_counts", "whole", "score", "leiden", "n_genes"]),
        st.sampled_from(["in", "not in"]),
        st.lists(st.sampled_from([0, 1, 2, -3, 0.5]), min_size=1, max_size=4),
    ),
    st.builds(
        "stage {} {!r}".format, st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(["early", "mid"])
    ),
    st.sampled_from(["doublet", "maybe", "score.isna()", "whole.isna()", "tissue.isna()", "maybe.notna()"]),
    st.builds(
        "{} < {} <= {}".format, st.integers(-2, 3), st.sampled_from(["n_counts", "whole"]), st.integers(0, 9)
    ),
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=6,
)


@given(EXPRESSIONS)
@settings(max_examples=150, deadline=None)
def test_any_expression_selects_what_pandas_selects(source: AnnDataSource, where: str) -> None:
    found = wanted(where)
    if found:
        assert rows(source, where) == found
    else:
        with pytest.raises(BadOptionError, match="no cell of 60 is selected"):
            rows(source, where)


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("tissue = 'lung'", "two equals signs compare"),
        ("tissue == 'lung' && n_counts > 1", "write and, or"),
        ("percent mito > 1", "in `backticks`"),
        ("tisue == 'lung'", "no obs column 'tisue'; did you mean 'tissue'"),
        ("tissue == lung", "no obs column 'lung'"),
        (
            "tissue == 3",
            "'tissue' holds categories, which cannot be compared with the number 3; write it in quotes",
        ),
        (
            "n_counts > '500'",
            "'n_counts' holds numbers, which cannot be compared with the text '500'; write it without",
        ),
        ("organ in ['lung', 3]", "'organ' holds text, which cannot be compared with the number 3"),
        ("tissue < 'lung'", "'tissue' holds categories without an order, so < has no meaning"),
        ("organ > 'lung'", "'organ' holds text without an order"),
        ("stage < 'midd'", "'stage' has no category 'midd' to compare with; did you mean 'mid'"),
        ("tissue", "'tissue' alone must be a column of true and false, but holds categories"),
        ("n_counts and doublet", "'n_counts' alone must be a column of true and false, but holds numbers"),
        ("tissue == n_counts", "'tissue' holds categories and 'n_counts' numbers"),
        (
            "leiden == '1'",
            "'leiden' holds categories that are numbers, which cannot be compared with the text '1'; write "
            "it without quotes",
        ),
        ("leiden in [1, '3']", "'leiden' holds categories that are numbers, which cannot be compared with"),
        ("leiden not in ['3']", "'leiden' holds categories that are numbers, which cannot be compared with"),
        ("sure != 'True'", "'sure' holds categories that are true and false, which cannot be compared with"),
        ("tissue == True", "which cannot be compared with the truth value True"),
        ("leiden == organ", "'leiden' holds categories that are numbers and 'organ' text"),
        ("tissue in [" + ",".join(f"'{n:04d}'" for n in range(2500)) + "]", "'0002' and 2,497 more"),
        (" or ".join(f"tissue == '{n}'" for n in range(900)), "'0', '1', '2' and 897 more"),
        ("tissue < organ", "for which < has no meaning"),
        ("score == None", "write isna(COLUMN)"),
        ("tissue in 'lung'", "need a column on the left and a list on the right"),
        ("tissue is 'lung'", "need a column on the left and a list"),
        ("1 < 2", "'1' cannot be used here"),
        ("n_counts + 1 > 2", "'n_counts + 1' cannot be used here"),
        ("doublet & maybe", "'doublet & maybe' cannot be used here"),
        ("~doublet", "'~doublet' cannot be used here"),
        ("__import__('os').system('true')", "only isna(COLUMN) and notna(COLUMN) can be called"),
        ("(lambda: doublet)()", "only isna(COLUMN) and notna(COLUMN) can be called"),
        ("tissue.__class__ == 'x'", "cannot be used here"),
        ("[c for c in tissue]", "cannot be used here"),
        ("isna(score, 1)", "only isna(COLUMN)"),
        ("f'{tissue}' == 'x'", "cannot be used here"),
        ("n_counts > 1j", "cannot be used here"),
        ("tissue == b'lung'", "cannot be used here"),
        ("(" * 500 + "doublet" + ")" * 500, "cannot be parsed"),
        ("not " * 3000 + "doublet", "cannot be parsed"),
        ("not " * 100 + "doublet", "cannot be parsed (it is nested too deeply)"),
        ("doublet or " * 3000 + "doublet", "at most 20,000 characters"),
        ("n_counts > 99", "no cell of 60 is selected by 'n_counts > 99'"),
        (
            "tissue == 'lungs'",
            "is selected by \"tissue == 'lungs'\"; 'tissue' has no category 'lungs'; did you mean 'lung'",
        ),
    ],
)
def test_everything_else_is_refused_in_one_sentence(source: AnnDataSource, where: str, sentence: str) -> None:
    with pytest.raises(BadOptionError) as caught:
        rows(source, where)
    message = str(caught.value)
    assert message.startswith("--where")
    assert sentence in message
    assert "\n" not in message
    assert len(message) < 700


def test_no_expression_is_none() -> None:
    assert read_options({"where": None}).where is None


@pytest.mark.parametrize("where", ["", "  \n", 5, ["x"]], ids=repr)
def test_what_is_no_expression(where: Any) -> None:
    with pytest.raises(BadOptionError, match="--where must be an expression, such as"):
        read_options({"where": where})


def findings(source: AnnDataSource, **given: Any) -> dict[str, str]:
    return {each.code: each.text for each in choose_rows(source, read_options(given))[1]}


def test_findings(source: AnnDataSource) -> None:
    found = findings(source, where="tissue in ['lung', 'lver']")
    assert found["cells"].endswith("of 60 cells are selected: those where tissue in ['lung', 'lver']")
    assert found["where-value"] == "where: 'tissue' has no category 'lver'; did you mean 'liver'?"
    assert findings(source, where="n_counts >= 0", downsample=99)["fewer-cells"].startswith(
        "the expression selects 60"
    )
    chosen, _ = choose_rows(source, read_options({"where": "n_counts >= 0"}))
    assert chosen is None
    assert set(findings(source, where="n_counts >= 0")) == {"every-cell"}
