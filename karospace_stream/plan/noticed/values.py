"""The kind of the matrix's values (scaled, counts, or normalised), and other matrices of another kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from karospace_stream.model.about import ValueKind
from karospace_stream.model.catalog import MatrixInfo
from karospace_stream.model.finding import Finding, Value
from karospace_stream.model.source import stored_name
from karospace_stream.plan.noticed.look import Look
from karospace_stream.plan.noticed.value_sample import ValueSample

_PLACES = 3
_TOTAL = 10_000  # of a cell, as most people normalise
_MOST_DIGITS = 1e15
#: Layers that hold some of the counts only.
_PARTS = frozenset(("spliced", "unspliced", "ambiguous", "spanning", "ms", "mu"))
#: How to sum raw.
BY_COMMAND = ", which the command pseudobulk sums with --raw"
_MOST_OTHERS = 4  # matrices besides the exported one, each looked at in one place


def kind_of_values(look: Look) -> Iterator[Finding]:
    """A finding about the exported values, and the matrix that a person may rather want."""
    found, name = exported_values(look), look.options.matrix
    if found is None:
        return
    names = [info.name for info in _matrices(look)]  # in the order of the file
    others = _samples(look, [each for each in sorted(names, key=_order) if each != name])
    if found.kind == "scaled":
        yield _scaled(name, found, _first(others, "normalised") or _first(others, "counts"))
    elif look.options.changes_values and look.selection is not None:
        yield from _changed(look, name, found)
    elif found.kind == "counts":
        yield _counts(name, found, _first(others, "normalised"))
    elif (counts := _first(others, "counts")) is not None and _order(counts) < 3:
        text = (
            f"{_shown(name)} holds normalised values, as colours and markers want them; raw counts are in "
            f"{_shown(counts)}"
        )
        yield Finding("counts-elsewhere", text)


def summed_values(look: Look) -> Iterator[Finding]:
    """A finding if pseudobulk sums other values than counts, which tests between samples expect."""
    name, names = look.options.summed_matrix, [info.name for info in _matrices(look)]
    if look.options.pseudobulk is None or look.options.genes == "none" or name not in names:
        return
    # Of a matrix that is normalised as it is read, the stored values are summed.
    changed = name == look.options.matrix and look.options.changes_values
    found = look.values_of(stored_name(name) if changed and look.selection is not None else name, _PLACES)
    if found is None or found.kind == "counts":
        return
    others = _samples(look, [each for each in sorted(names, key=_order) if each != name])
    counts = _first({each: sample for each, sample in others.items() if _order(each) < 3}, "counts")
    text = f"pseudobulk sums {_shown(name)}, which holds {found.kind} values and no counts"
    text += "" if counts is None else f"; raw counts are in {_shown(counts)}"
    if counts == "raw":  # whose genes are others: no option of an export takes them
        yield Finding("summed-values", text + BY_COMMAND, value=counts)
        return
    layer = None if counts is None else counts.rpartition("/")[2]
    yield Finding("summed-values", text, "pseudobulk_layer" if layer else "", layer)


def exported_values(look: Look) -> ValueSample | None:
    """A sample of the matrix that is exported; None if there is none, or it cannot be looked at."""
    name = look.options.matrix
    if look.options.genes == "none" or name not in [info.name for info in _matrices(look)]:
        return None
    return look.values_of(name, _PLACES)


def _scaled(name: str, found: ValueSample, better: str | None) -> Finding:
    text = (
        f"{_shown(name)} holds scaled values, {found.lowest:.3g} to {found.highest:.3g} in "
        f"{found.looked_at}: they do not tell which cells express a gene"
        + ("" if better is None else f"; {_shown(better)} does")
    )
    option, value = _choice(better)
    return Finding("scaled-values", text, option, value)


def _counts(name: str, found: ValueSample, better: str | None) -> Finding:
    text = (
        f"{_shown(name)} holds raw counts, whole numbers up to {_count(found.highest)} in {found.looked_at}: "
        "cells with more counts seem to express more of every gene"
        + ("" if better is None else f"; {_shown(better)} is normalised")
    )
    option, value = _choice(better)
    if better is None:
        text += "; they can be normalised as they are read"
        option, value = "normalize", _TOTAL
    return Finding("raw-counts", text, option, value)


def _changed(look: Look, name: str, found: ValueSample) -> Iterator[Finding]:
    """Findings about values that the export normalises: whether they were counts, and are logarithms now."""
    stored = look.values_of(stored_name(name), _PLACES)
    if stored is not None and stored.kind != "counts":
        are = "are normalised already, or were scaled" if stored.kind == "normalised" else "were scaled"
        text = f"{_shown(name)} holds values that {are}, up to {stored.highest:.3g}, and no counts"
        yield Finding("not-counts", text, "normalize" if look.options.normalize is not None else "log1p")
    if not look.options.log1p and found.kind == "normalised":
        text = f"{_shown(name)} is normalised, but markers and fold changes are meant for logarithms"
        yield Finding("no-logarithms", text, "log1p", True)


def _count(number: float) -> str:
    """A whole number, in digits if people still read them."""
    return f"{number:,.0f}" if number < _MOST_DIGITS else f"{number:.3g}"


def _samples(look: Look, names: list[str]) -> dict[str, ValueSample]:
    found = ((name, look.values_of(name, 1)) for name in names[:_MOST_OTHERS])
    return {name: sample for name, sample in found if sample is not None}


def _order(name: str) -> int:
    """Raw first, which mostly has the values before scaling; then layers by their names."""
    words = name.lower().partition("/")[2]
    if name == "raw" or any(word in words for word in ("count", "raw", "umi", "norm", "log")):
        return 0 if name == "raw" else 1
    return 3 if words in _PARTS else 2


def _first(samples: Mapping[str, ValueSample], kind: ValueKind) -> str | None:
    return next((name for name, sample in samples.items() if sample.kind == kind), None)


def _choice(name: str | None) -> tuple[str, Value]:
    """The option that takes a matrix; X is what is taken without one."""
    if name in (None, "X"):
        return "", None
    return ("raw", True) if name == "raw" else ("layer", name.partition("/")[2])


def _shown(name: str) -> str:
    kind, slash, key = name.partition("/")
    return f"{kind}[{key!r}]" if slash else name


def _matrices(look: Look) -> list[MatrixInfo]:
    catalog = look.catalog
    return [info for info in (catalog.matrix, catalog.raw, *catalog.layers) if info is not None]
