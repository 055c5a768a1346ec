"""The form is the command line: the same options, the same help, the same reading."""

from __future__ import annotations

import re
import shlex
from typing import Any

import click
import pytest

from karospace_stream.app.flags import command_line, python_text, to_flags
from karospace_stream.app.form import Form
from karospace_stream.app.presets import PRESETS
from karospace_stream.app.problem import Problem, problem_of
from karospace_stream.cli.commands.export import export
from karospace_stream.cli.form import export_form
from karospace_stream.errors import BadInputError, BadOptionError, BudgetError, TargetError
from karospace_stream.options.page_texts import PAGE_TEXTS
from karospace_stream.words.page import on_page

FORM = export_form()
VALUES: dict[str, Any] = {
    "genes": "hvgs:100",
    "anno": ["-odd name", "b"],
    "compression": "6",
    "preview": False,
    "image": ["it's.png"],
    "image_placement": ["1", "-1.5", "0", "2"],
    "max_asset_mb": 4,
    "overwrite": True,
    "raw": True,
    "memory": "2GB",
}


@pytest.mark.parametrize(
    ("terminal", "page"),
    [
        ("--anno: there is no column 'kid'", "“Annotations”: there is no column 'kid'"),
        ("give a smaller --memory or fewer --workers", "give a smaller “Memory” or fewer “Workers”"),
        ("choose all with --anno all", "choose all with “Annotations” set to all"),
        ("add --overwrite to replace it", "add “Replace what is there” to replace it"),
        ("Invalid value for '--workers': 'many'", "Invalid value for “Workers”: 'many'"),
    ],
)
def test_messages_name_the_fields(terminal: str, page: str) -> None:
    assert on_page(terminal) == page


@pytest.mark.parametrize(
    ("flags", "terminal", "page"),
    [
        (
            ["--downsample", "abc"],
            "--downsample must be a whole number, got 'abc'",
            "“Number of cells” must be",
        ),
        (["--workers", "1.5"], "--workers must be a whole number, got '1.5'", "“Workers” must be"),
        (["--max-asset-mb", "big"], "--max-asset-mb must be a number, got 'big'", "“Largest file” must be"),
        (
            ["--image-placement", "1", "1", "x", "0"],
            "--image-placement must be a number, got 'x'",
            "“Place of the image” must be",
        ),
    ],
)
def test_what_is_no_number_is_said_of_its_field(flags: list[str], terminal: str, page: str) -> None:
    with pytest.raises(BadOptionError) as caught:
        FORM.parse(flags)
    assert str(caught.value) == terminal
    found = problem_of(caught.value, FORM)
    assert FORM.field(found.field).flag == flags[0]
    assert found.message.startswith(page)


@pytest.fixture
def form() -> Form:
    return FORM


def test_every_option_of_export_is_a_field_with_words_of_its_own(form: Form) -> None:
    terminal = {"quiet", "as_json", "debug"}
    options = {param.name: param for param in export.params if isinstance(param, click.Option)}
    assert {field.name for field in form.fields} == set(options) - terminal
    for field in form.fields:
        assert field.help.endswith((".", "…"))
        assert not re.search("--|TARGET|INPUT|[Rr]epeat for", f"{field.title} {field.help}")
    titles = [field.title for field in form.fields]
    assert len(set(titles)) == len(titles)
    assert set(PAGE_TEXTS) <= set(options)


def test_values_become_flags_that_are_read_as_by_the_command(form: Form) -> None:
    keywords = form.parse(to_flags(form, VALUES))
    assert keywords["anno"] == ("-odd name", "b")
    assert keywords["preview"] is False
    assert keywords["compression"] == 6
    assert keywords["image_placement"] == (1, -1.5, 0, 2)
    assert keywords["overwrite"] is True
    assert keywords["image"] == ("it's.png",)


def test_defaults_leave_no_flag(form: Form) -> None:
    defaults = {field.name: field.default for field in form.fields}
    assert to_flags(form, defaults) == []
    empty: dict[str, Any] = {"list": [], "numbers": ["", "", "", ""]}
    assert (
        to_flags(
            form, {field.name: empty.get(field.kind, "") for field in form.fields if field.kind != "switch"}
        )
        == []
    )


@pytest.mark.parametrize(("source", "target"), [("in.h5ad", "out"), ("-in.h5ad", "a b/$(rm x)")])
def test_the_command_line_does_the_same(form: Form, source: str, target: str) -> None:
    words = shlex.split(command_line(form, source, target, VALUES))
    assert words[:2] == ["karospace-stream", "export"]
    given = export.make_context("export", words[2:]).params
    assert (given["source"], given["target"]) == ((source,), target)
    assert given["anno"] == ("-odd name", "b")


def test_the_python_text_does_the_same(form: Form) -> None:
    heard: dict[str, Any] = {}
    text = python_text(form, "in.h5ad", "out", VALUES).partition("\n")[2]
    exec(text, {"export": lambda *args, **keywords: heard.update(keywords, args=args)})
    assert heard.pop("args") == ("in.h5ad", "out")
    assert set(heard) == set(form.parse(to_flags(form, VALUES)))
    assert heard["anno"] == ["-odd name", "b"]


def test_secrets_are_in_no_text(form: Form) -> None:
    values = {"storage_options": ["s3.secret=hush-hush"]}
    for text in (command_line(form, "s3://a", "b", values), python_text(form, "s3://a", "b", values)):
        assert "hush" not in text
        assert "storage" in text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"workers": "many"}, "workers"),
        ({"strategy": "fast"}, "strategy"),
        ({"max_asset_mb": "big"}, "max_asset_mb"),
        ({"gzip": "yes"}, "gzip"),
        ({"anno": "one"}, "anno"),
        ({"anno": [["one"]]}, "anno"),
        ({"storage_options": ["secret"]}, "storage_options"),
        ({"image_placement": ["1", "2"]}, "image_placement"),
    ],
)
def test_a_value_of_another_kind_is_said_beside_its_field(
    form: Form, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadOptionError) as caught:
        form.parse(to_flags(form, values))
    assert problem_of(caught.value, form).field == field


def test_what_is_no_option_is_refused(form: Form) -> None:
    for name in ("debug", "source", "__class__"):
        with pytest.raises(BadOptionError, match="the field must be an option of export"):
            to_flags(form, {name: "x"})


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (BadInputError("a.h5ad does not exist"), "source"),
        (BadInputError("--layer: 'x' cannot be read"), "layer"),
        (BadOptionError("--layer and --raw name two different matrices"), "layer"),
        (BadOptionError("nothing is named here"), ""),
        (TargetError("out: a bundle already exists; add --overwrite to replace it"), "target"),
        (TargetError("--scratch /x: a folder could not be made; name another with --scratch"), "scratch"),
        (BudgetError("--memory 1 MB", budget_nbytes=1, needed_nbytes=2, stage="gather"), "memory"),
        (MemoryError("much"), "memory"),
        (ValueError("odd"), ""),
    ],
)
def test_an_error_finds_its_field(form: Form, error: Exception, field: str) -> None:
    found = problem_of(error, form)
    assert isinstance(found, Problem)
    assert found.field == field
    assert on_page(str(error)) in found.message
    assert "--" not in found.message


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_is_made_of_options(form: Form, preset: Any) -> None:
    form.parse(to_flags(form, preset.values))


def test_the_form_says_which_values_name_parts_of_one_input() -> None:
    naming = {field.name for field in FORM.fields if field.names_parts}
    assert naming == {
        *(
            "genes",
            "gene_names",
            "hvg_batch",
            "anno",
            "as_labels",
            "coords",
            "arrange_by",
            "section",
            "graph",
        ),
        *("vectors", "layer", "raw", "leave_out", "group_by", "reference", "points", "latent", "uns"),
        *("pseudobulk", "pseudobulk_layer", "table", "obs_table", "obs_table_key"),
        *("where", "downsample_by"),
        *("image", "image_placement", "transcripts", "transcript_columns", "gene_sets", "neighbourhoods"),
        "pixel_size",
        "shapes",
        *("feature_type", "genome", "modality"),
    }
