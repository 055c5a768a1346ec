"""The estimated cost of an export, for the page to show while the form is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from karospace_stream.app.flags import command_line, python_text, to_flags
from karospace_stream.app.form import Form, Inputs, listed
from karospace_stream.app.problem import Problem, problem_of
from karospace_stream.errors import BadInputError, BadOptionError, KaroSpaceError
from karospace_stream.pipeline.api import plan_export
from karospace_stream.pipeline.preflight import check_targets
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.words.page import on_page

#: What to do without an input.
CHOOSE = "choose a .h5ad file, a .zarr store or another input"


def plan_facts(form: Form, source: Inputs, target: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The plan, or its problems: ``{"plan": …, "problems": […], …}``.

    Does not raise for mistakes that the user can correct.
    """
    problems: list[Problem] = []
    made: ExportPlan | None = None
    try:
        if not any(each.strip() for each in listed(source)):
            raise BadInputError(CHOOSE)
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
        "plan": None if made is None else _shown(made),
        "problems": problems,
        **snippets(form, source, target, values),
    }


def _shown(plan: ExportPlan) -> dict[str, Any]:
    """The plan with the ways out in the words of the page; its findings name no option."""
    facts = plan.to_json()
    for parts in facts["left_out"].values():
        for each in parts:
            each["reason"], each["way_out"] = on_page(each["reason"]), on_page(each["way_out"])
    return facts


def snippets(form: Form, source: Inputs, target: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The commands for this export in a terminal and in Python; empty if it cannot be expressed."""
    try:
        return {
            "command": command_line(form, source or "INPUT", target or "TARGET", values),
            "python": python_text(form, source or "INPUT", target or "TARGET", values),
        }
    except BadOptionError:
        return {"command": "", "python": ""}
