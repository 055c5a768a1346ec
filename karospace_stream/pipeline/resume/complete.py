"""Publish a complete export, which is recorded before the first of its targets is sealed.

A run that resumes it then only has to seal the targets that are not sealed yet.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from karospace_stream.model.about import ValueChange
from karospace_stream.model.finding import Finding
from karospace_stream.model.left_out import LeftOut
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.pipeline.clean.scratch import named
from karospace_stream.pipeline.report import Report
from karospace_stream.pipeline.resume.header import Head, refuse_other
from karospace_stream.pipeline.scratch_owner import Owner
from karospace_stream.pipeline.targets import unsealed_targets
from karospace_stream.plan.export_plan import ExportPlan
from karospace_stream.storage import is_url, local_path, location_of
from karospace_stream.targets.document_store import DocumentStore
from karospace_stream.targets.local.staging import absolute
from karospace_stream.targets.stores.claim import COMPLETE


def mark_complete(documents: DocumentStore, report: Report) -> None:
    """Record that the export is complete."""
    documents.put(COMPLETE, json.dumps(report.to_json()).encode())


def read_complete(documents: DocumentStore) -> Report | None:
    """Read the report of a complete export; None if it is incomplete."""
    data = documents.read(COMPLETE)
    try:
        return None if data is None else _report(json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None  # then everything is redone


def publish_complete(plan: ExportPlan, token: str, head: Head) -> None:
    """Seal the targets that are not sealed yet, the one with the ledger last.

    Raises
    ------
    BadOptionError, TargetError
        If it had another input or other options, or cannot be published.
    """
    where = _location(plan.options)
    refuse_other(head, plan, where)
    for target in reversed(unsealed_targets(plan, token)):
        target.seal()
    for scratch in head.scratch.values():
        for each in named(scratch, Owner(token, where), plan.options.storage_options):
            each.remove()


def _location(options: ExportOptions) -> str:
    location = options.locations[0]
    return location_of(location).shown if is_url(location) else str(absolute(local_path(location)))


def _finding(content: Mapping[str, Any]) -> Finding:
    value = content["value"]
    return Finding(**{**content, "value": tuple(value) if isinstance(value, list) else value})


def _report(content: Mapping[str, Any]) -> Report:
    read: dict[str, Any] = {"targets": tuple(map(str, content["targets"]))}
    read["findings"] = tuple(map(_finding, content["findings"]))
    read["left_out"] = {
        str(name): tuple(LeftOut(**each) for each in several) for name, several in content["left_out"].items()
    }
    if content.get("changed") is not None:
        read["changed"] = ValueChange(**content["changed"])
    return Report(**{name: value for name, value in content.items() if name != "target"} | read)
