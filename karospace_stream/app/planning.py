"""The estimated cost of an export, for the page to show while the form is filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from karospace_stream.app.flags import command_line, python_text, to_flags
from karospace_stream.app.form import Form
from karospace_stream.app.problem import Problem, problem_of
from karospace_stream.errors import BadInputError, BadOptionError, KaroSpaceError
from karospace_stream.pipeline.api import plan_export
from karospace_stream.pipeline.preflight import check_targets
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.units import format_nbytes

_SLOW_CELLS, _MOST_CELLS = 2_000_000, 10_000_000
_MANY_CATEGORIES = 500
_MANY_FILES = 100_000
_MANY_EDGES = 30_000_000


def plan_facts(form: Form, source: str, target: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The plan, or its problems: ``{"plan": …, "problems": […], …}``.

    Does not raise for mistakes that the user can correct.
    """
    problems: list[Problem] = []
    made: ExportPlan | None = None
    try:
        if not source.strip():
            raise BadInputError("choose a .h5ad file, a .zarr store or a .zarr.zip")
        made = plan_export(source, target.strip() or None, **form.parse(to_flags(form, values)))
    except KaroSpaceError as error:
        problems.append(problem_of(error, form))
    if not target.strip():
        problems.append(Problem("target", "choose where the bundle goes"))
    elif made is not None:
        try:
            check_targets(made)
        except KaroSpaceError as error:
            problems.append(problem_of(error, form))
    return {
        "plan": None if made is None else {**made.to_json(), "warnings": list(warnings(made))},
        "problems": problems,
        **said(form, source, target, values),
    }


def said(form: Form, source: str, target: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The same export as a command line and as Python; empty if it cannot be expressed."""
    try:
        return {
            "command": command_line(form, source or "INPUT", target or "TARGET", values),
            "python": python_text(form, source or "INPUT", target or "TARGET", values),
        }
    except BadOptionError:
        return {"command": "", "python": ""}


def warnings(plan: ExportPlan) -> Iterator[str]:
    """Warnings about planned output that a browser will struggle with."""
    n_cells = plan.selection.n_cells
    if n_cells > _MOST_CELLS:
        yield (
            f"{n_cells:,} cells are more than most browsers can draw; "
            f"export {_SLOW_CELLS:,} of them with --downsample"
        )
    elif n_cells > _SLOW_CELLS:
        yield f"{n_cells:,} cells want a computer with a good graphics card; on a phone they do not open"
    chosen = {name for each in plan.formats for name in each.selection.columns}
    for info in plan.catalog.obs:
        if info.name in chosen and (info.n_categories or 0) > _MANY_CATEGORIES:
            yield f"{info.name} has {info.n_categories:,} categories: its colours will not be told apart"
    if plan.n_objects > _MANY_FILES:
        yield f"{plan.n_objects:,} files take long to copy to some hosts; fewer genes make fewer files"
    nnz = 0 if plan.graph is None else plan.source.matrix(f"obsp/{plan.graph.key}").info.nnz or 0
    if nnz > _MANY_EDGES:
        yield f"the graph has about {nnz // 2:,} edges: a browser draws the neighbours of a cell only"
    if plan.output_nbytes > 50e9:
        yield f"about {format_nbytes(plan.output_nbytes)} will be written"
