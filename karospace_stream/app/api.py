"""The page's API as plain functions from JSON to JSON. No web code here."""

from __future__ import annotations

import socket
from dataclasses import asdict
from pathlib import Path
from typing import Any

from karospace_stream._version import __version__
from karospace_stream.app import browse
from karospace_stream.app.desktop import has_desktop, open_folder
from karospace_stream.app.flags import SECRET, to_flags
from karospace_stream.app.form import Form, Inputs, listed
from karospace_stream.app.inspector import Inspector
from karospace_stream.app.jobs.job import Run
from karospace_stream.app.jobs.queue import Runs
from karospace_stream.app.jobs.state import AppState
from karospace_stream.app.planning import plan_facts, snippets
from karospace_stream.app.presets import PRESETS
from karospace_stream.app.views import Views
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.options import read_options
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.options.general.inputs import InputOptions
from karospace_stream.options.option import declared

Json = dict[str, Any]


class Exporter:
    """Everything that the page does. Every method takes the data sent by the page."""

    def __init__(self, form: Form, kept: AppState, first: Inputs = "") -> None:
        self.form, self.kept, self.first = form, kept, first
        self.runs, self.views = Runs(form, kept), Views()
        self.is_leaving = False
        self._inspector = Inspector()

    def start(self, _: Json) -> Json:
        """Data that the page needs at the start."""
        return {
            "version": __version__,
            "machine": socket.gethostname(),
            "home": str(Path.home()),
            "folder": str(Path.cwd()),
            "desktop": has_desktop(),
            "first": listed(self.first),
            "recent": self.kept.recent(),
            "fields": [field.to_json() for field in self.form.fields],
            "presets": [asdict(preset) for preset in PRESETS],
        }

    def browse(self, asked: Json) -> Json:
        """List a folder."""
        return asdict(browse.list_folder(_text(asked, "path"), hidden=bool(asked.get("hidden"))))

    def complete(self, asked: Json) -> Json:
        """Complete a typed path."""
        return {"paths": browse.complete(_text(asked, "text"))}

    def folder(self, asked: Json) -> Json:
        """Make a folder."""
        return {"path": browse.make_folder(_text(asked, "parent"), _text(asked, "name"))}

    def inspect(self, asked: Json) -> Json:
        """Describe an input."""
        source = _inputs(asked)
        facts = self._inspector.facts(source, self._reading(asked))
        if isinstance(source, str):
            self.kept.remember(source)
        return facts

    def examples(self, asked: Json) -> Json:
        """A few values of every column."""
        return {"examples": self._inspector.examples(_inputs(asked), self._reading(asked))}

    def thumbnail(self, asked: Json) -> Json:
        """A few cells of an embedding."""
        source, key = _inputs(asked), _text(asked, "key")
        return self._inspector.thumbnail(source, self._reading(asked), key, _text(asked, "arrange_by"))

    def genes(self, asked: Json) -> Json:
        """Names of all genes."""
        raw, names = bool(_values(asked).get("raw")), _text(_values(asked), "gene_names")
        source, options = _inputs(asked), self._reading(asked)
        return dict(self._inspector.genes(source, options, raw=raw, names=names))

    def keep_genes(self, asked: Json) -> Json:
        """Save a gene list, so that ``list:PATH`` can name it."""
        names = asked.get("names")
        if not isinstance(names, list) or not all(isinstance(each, str) and each for each in names):
            raise BadOptionError("--genes must be a list of names")
        if any("\n" in each for each in names):
            raise BadOptionError("--genes must be one name a line")
        return {"path": self.kept.keep_genes(names)}

    def plan(self, asked: Json) -> Json:
        """Estimate the cost of an export, and list its problems."""
        return plan_facts(self.form, _inputs(asked), _text(asked, "target"), _values(asked))

    def run(self, asked: Json) -> Json:
        """Put an export into the queue, if it has no problems."""
        source, target, values = _inputs(asked), _text(asked, "target"), _values(asked)
        facts = plan_facts(self.form, source, target, values)
        if facts["problems"]:
            return {"problems": facts["problems"]}
        return {"id": self.runs.add(source, target, values).id, "problems": []}

    def cancel(self, asked: Json) -> Json:
        """Stop an export."""
        return {"state": self.runs.cancel(_text(asked, "id")).state}

    def resume(self, asked: Json) -> Json:
        """Run one again."""
        values = _values(asked)
        kept = {SECRET: values[SECRET]} if values.get(SECRET) else {}
        return {"state": self.runs.resume(_text(asked, "id"), kept).state}

    def remove(self, asked: Json) -> Json:
        """Forget a run."""
        self.runs.remove(_text(asked, "id"))
        return {}

    def snippets(self, asked: Json) -> Json:
        """A run as a command line and as Python."""
        run = self.runs.get(_text(asked, "id"))
        return dict(snippets(self.form, run.source, run.target, run.values))

    def log(self, asked: Json) -> Json:
        """Lines of a run's log, from a number on."""
        run, first = self.runs.get(_text(asked, "id")), asked.get("first", 0)
        if not isinstance(first, int) or first < 0:
            raise BadOptionError(f"the line must be a number, got {first!r}")
        return {"lines": run.log[first:]}

    def view(self, asked: Json) -> Json:
        """Show a finished export."""
        run, target = self._finished(asked)
        options = None if run.options is None else run.options.get(SECRET)
        return {"secret": self.views.start(target, options)}

    def stop_view(self, asked: Json) -> Json:
        """Stop showing an export."""
        self.views.stop(self._finished(asked)[1])
        return {}

    def open_folder(self, asked: Json) -> Json:
        """Show the folder of a finished export on the desktop."""
        open_folder(self._finished(asked)[1])
        return {}

    def state(self) -> Json:
        """State that changes while the page is open."""
        return {"runs": self.runs.to_json(), "views": self.views.to_json()}

    def leave(self) -> None:
        """Stop sending updates to pages, so that the server can stop."""
        self.is_leaving = True

    def close(self) -> None:
        """Close the exporter. A running export is interrupted."""
        self.runs.close()

    def _finished(self, asked: Json) -> tuple[Run, str]:
        """Find a finished run and the requested one of its targets. No other location can be named."""
        run, target = self.runs.get(_text(asked, "id")), _text(asked, "target")
        if run.report is None or target not in run.report["targets"]:
            raise BadOptionError("the export is not finished")
        return run, target

    def _reading(self, asked: Json) -> ExportOptions:
        """The options that say how the input is read, and how to get into its store."""
        values = _values(asked)
        reading = {each.name for each in declared(InputOptions)} | {SECRET}
        # Read like all flags: a mistake in one of them is shown beside its field.
        flags = to_flags(self.form, {name: value for name, value in values.items() if name in reading})
        return read_options(self.form.parse(flags))


def _inputs(asked: Json) -> Inputs:
    value = asked.get("source", "")
    if not isinstance(value, list):
        return _text(asked, "source")
    several = tuple(_text({"source": each}, "source") for each in value)
    return several[0] if len(several) == 1 else several


def _text(asked: Json, name: str) -> str:
    value = asked.get(name, "")
    if not isinstance(value, str) or "\0" in value:
        raise BadOptionError(f"{name!r} must be text")
    return value


def _values(asked: Json) -> Json:
    values = asked.get("values", {})
    if not isinstance(values, dict):
        raise BadOptionError("'values' must be an object")
    return values
