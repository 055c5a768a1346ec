"""axe-core, run in a page: what would keep people out who see, hear or move otherwise."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "viewer" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """
axe.run(document, {resultTypes: ['violations']}).then(({violations}) => JSON.stringify(
  violations.flatMap(({id, impact, nodes}) => nodes.map(({target, failureSummary}) =>
    ({id, impact, at: target.join(' '), why: failureSummary})))))
"""


def violations(page: Page) -> list[str]:
    """Every violation of serious or critical impact, each as a line that says where and why."""
    session = page.context.new_cdp_session(page)
    # By the debugger, as the page's own security policy allows no foreign script.
    session.send("Runtime.evaluate", {"expression": f"{_source()};0"})
    answer = session.send(
        "Runtime.evaluate", {"expression": _RUN, "awaitPromise": True, "returnByValue": True}
    )
    session.detach()
    found = json.loads(answer["result"]["value"])
    return [
        f"{each['impact']} {each['id']} at {each['at']}: {' '.join(each['why'].split())}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


@cache
def _source() -> str:
    if not _AXE.is_file():
        pytest.skip("axe-core is not installed: run `npm ci` in viewer/")
    return _AXE.read_text(encoding="utf-8")
