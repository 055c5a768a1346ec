"""Form values as flags: exactly the command line's own, so that the two cannot differ."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from karospace_stream.app.form import Field, Form, Inputs, listed
from karospace_stream.errors import BadOptionError

#: May hold secrets: never shown or stored.
SECRET = "storage_options"  # noqa: S105 - a name
_HIDDEN = "…"


def to_flags(form: Form, values: Mapping[str, Any]) -> list[str]:
    """Flags for all values that differ from their field's default.

    Raises
    ------
    BadOptionError
        If there is no such field, or its value has the wrong kind.
    """
    flags: list[str] = []
    for name in values:
        if form.field(name) is None:
            raise BadOptionError(f"the field must be an option of export, got {name!r}")
    for field in form.fields:
        value = values.get(field.name)
        if value is not None and value != "" and value != field.default:
            flags += _flags_of(field, value)
    return flags


def _flags_of(field: Field, value: Any) -> list[str]:
    if field.kind == "switch":
        wanted = _typed(field, value, bool)
        return [] if wanted == field.default else [field.flag if wanted else field.off_flag]
    if field.kind == "list":
        return [word for each in _typed(field, value, list) for word in _words(field, each)]
    if field.kind == "numbers":
        numbers = [_text(field, each) for each in _typed(field, value, list)]
        if any(number.strip() for number in numbers):
            return [field.flag, *numbers]
        return []
    return _words(field, value)


def _words(field: Field, value: Any) -> list[str]:
    text = _text(field, value)
    # A value that begins with a dash would be taken for a flag.
    return [f"{field.flag}={text}"] if text.startswith("-") else [field.flag, text]


def _text(field: Field, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise BadOptionError(f"{field.flag} must be text or a number, got {value!r}")
    return str(value)


def _typed(field: Field, value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise BadOptionError(f"{field.flag} must be a {kind.__name__}, got {value!r}")
    return value


def without_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that may be stored on disk and sent back."""
    return {name: value for name, value in values.items() if name != SECRET}


def command_line(form: Form, source: Inputs, target: str, values: Mapping[str, Any]) -> str:
    """The command for this export in a terminal, without the values of storage options."""
    shown = dict(values)
    if shown.get(SECRET):
        shown[SECRET] = [_without_value(each) for each in shown[SECRET]]
    flags = to_flags(form, shown)
    places = [*listed(source), target]
    dashed = any(each.startswith("-") for each in places)
    words = [*flags, "--", *places] if dashed else [*places, *flags]
    return shlex.join(["karospace-stream", "export", *words])


def _without_value(text: str) -> str:
    name, equals, _ = text.partition("=")
    return f"{name}={_HIDDEN}" if equals else _HIDDEN  # if mistyped, all of it may be the secret


def python_text(form: Form, source: Inputs, target: str, values: Mapping[str, Any]) -> str:
    """The call for this export in Python, without the values of storage options."""
    given = form.parse(to_flags(form, without_secrets(values)))
    lines = [f"    {name}={_python(value)},\n" for name, value in given.items()]
    if values.get(SECRET):
        lines.append(f"    {SECRET}={{{_HIDDEN!r}: {_HIDDEN!r}}},\n")
    arguments = f"{_inputs(source)}    {target!r},\n"
    return f"from karospace_stream import export\n\nreport = export(\n{arguments}{''.join(lines)})\n"


def _inputs(source: Inputs) -> str:
    if isinstance(source, str):
        return f"    {source!r},\n"
    return f"    [\n{''.join(f'        {each!r},{chr(10)}' for each in source)}    ],\n"


def _python(value: Any) -> str:
    return repr(list(value)) if isinstance(value, tuple) else repr(value)


def names_in(form: Form, sentence: str) -> Sequence[str]:
    """Names of the fields whose flags occur in a sentence, in its order."""
    words = [word.strip(".,;:'\"()") for word in sentence.replace("=", " ").split()]
    by_flag = {flag: field.name for field in form.fields for flag in (field.flag, field.off_flag) if flag}
    return [by_flag[word] for word in words if word in by_flag]
