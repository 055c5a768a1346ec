"""Expand what the user gave into a list of single inputs."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from karospace_stream.errors import BadInputError
from karospace_stream.inputs.listing.folders import inputs_in
from karospace_stream.inputs.listing.keys import keys_of, stem_of
from karospace_stream.inputs.listing.listed import Given, Listed
from karospace_stream.inputs.listing.looks import is_list
from karospace_stream.inputs.listing.manifest import identity, read_manifest
from karospace_stream.inputs.listing.patterns import fixed_part, inputs_at, is_pattern, matches
from karospace_stream.model.finding import Finding
from karospace_stream.storage import is_url, local_path

_Expanded = tuple[list[Given], str, tuple[Finding, ...]]


def expand(x: Any, storage_options: Mapping[str, Any] | None = None) -> Listed:
    """List single inputs, each with a name of its own.

    Parameters
    ----------
    x
        A path or URL of an input, of a folder of inputs, of a pattern or of a manifest; an ``AnnData``; or
        several of these, in a list, or in a dictionary by name.

    Raises
    ------
    BadInputError
        If a list is empty or cannot be read, nothing matches a pattern, or an input is named twice.
    """
    given, name, findings = _expand(x, storage_options)
    keys = keys_of([each.input for each in given], [each.key for each in given])
    inputs = tuple(replace(each, key=key) for key, each in zip(keys, given, strict=True))
    return Listed(inputs, name, findings)


def is_several(x: Any) -> bool:
    """Whether this is a list or dictionary of inputs."""
    return isinstance(x, (Mapping, Sequence)) and not isinstance(x, (str, bytes))


def _expand(x: Any, storage_options: Mapping[str, Any] | None) -> _Expanded:
    if isinstance(x, Mapping):
        return _expand_named(x, storage_options)
    if is_several(x):
        return _expand_several(list(x), storage_options)
    if isinstance(x, (str, os.PathLike)):
        return _expand_path(os.fspath(x), storage_options)
    return [Given(x)], "", ()


def _expand_named(inputs: Mapping[Any, Any], storage_options: Mapping[str, Any] | None) -> _Expanded:
    given: list[Given] = []
    for key, value in inputs.items():
        if not isinstance(key, str) or not key.strip():
            must = "must not be empty" if isinstance(key, str) else "must be text"
            raise BadInputError(f"the names of inputs {must}, got {key!r}")
        found, _, _ = _expand(value, storage_options)
        if len(found) != 1:
            raise BadInputError(
                f"the name {key!r} must stand for one input, but stands for {len(found):,}; name each"
            )
        given.append(Given(found[0].input, key, found[0].columns))
    return _checked(given), _common_name(given), ()


def _expand_several(inputs: Sequence[Any], storage_options: Mapping[str, Any] | None) -> _Expanded:
    given: list[Given] = []
    findings: list[Finding] = []
    names: list[str] = []
    for each in inputs:
        if is_several(each):
            raise BadInputError(
                f"a list of inputs must hold paths, URLs and AnnDatas, got a {type(each).__name__}"
            )
        found, name, noticed = _expand(each, storage_options)
        given += found
        findings += noticed
        names.append(name)
    name = names[0] if len(inputs) == 1 else _common_name(given)
    return _checked(given), name, tuple(findings)


def _expand_path(text: str, storage_options: Mapping[str, Any] | None) -> _Expanded:
    if is_pattern(text):
        found, findings = matches(text, storage_options)
        return list(map(Given, found)), _name_of(fixed_part(text) or "."), findings
    bare = text.partition("?")[0] if is_url(text) else text
    if is_list(bare) and (is_url(text) or os.path.isfile(_expanded(text))):  # noqa: PTH113
        given, findings = read_manifest(text, storage_options)
        return given, Path(bare).stem, findings
    if is_url(text):
        at_url = inputs_at(text, storage_options)
        if at_url is not None:
            return list(map(Given, at_url[0])), _name_of(text), at_url[1]
    else:
        folder = Path(_expanded(text))
        below = inputs_in(folder) if _is_folder(folder) else None
        if below is not None:
            return [Given(str(each)) for each in below[0]], _name_of(str(folder)), below[1]
    return [Given(text)], "", ()


def _expanded(text: str) -> str:
    """A path from the home folder on; of an unknown user, as it is, since opening it says so."""
    return os.path.expanduser(local_path(text))  # noqa: PTH111


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # opening it says why
        return False


def _checked(given: list[Given]) -> list[Given]:
    if not given:
        raise BadInputError("a list of inputs must name at least one, but is empty")
    seen: set[object] = set()
    for each in given:
        is_path = isinstance(each.input, (str, os.PathLike))
        same: object = identity(os.fspath(each.input)) if is_path else id(each.input)
        if same in seen:
            shown = each.input if is_path else "an AnnData"
            raise BadInputError(f"{shown} is given twice; give every input once")
        seen.add(same)
    return given


def _common_name(given: Sequence[Given]) -> str:
    """The folder that all lie in."""
    paths = [os.fspath(each.input) for each in given if isinstance(each.input, (str, os.PathLike))]
    if len(paths) < len(given) or any(map(is_url, paths)):
        return ""
    folders = [str(Path(identity(path)).parent) for path in paths]
    try:
        return _name_of(os.path.commonpath(folders))
    except ValueError:  # on several drives
        return ""


def _name_of(folder: str) -> str:
    if is_url(folder):
        return stem_of(folder.partition("?")[0].rstrip("/").rpartition("/")[2])
    return Path(os.path.abspath(folder)).name  # noqa: PTH100 - a link keeps its name
