"""Rephrase the errors of h5py and zarr about damaged or missing parts in the words of our own messages."""

from __future__ import annotations

import re

# The beginning of h5py's message, and our replacement. The part in brackets is HDF5's reason.
_FAILED = re.compile(
    r"(?:(?:Unable to|Can't|Couldn't) (?:synchronously )?(?P<verb>.+?)|(?P<noun>[A-Z].+?) failed)"
    r" \((?P<why>.+)\)"
)
_STEPS = {
    "open object": "open a part of it",
    "open attribute": "open an attribute of it",
    "open file": "open a file",
    "read data": "read its values",
    "get group info": "list its parts",
    "Link iteration": "list its parts",
    "Link visitation": "list its parts",
    "Special link traversal": "follow a link",
}
_REASONS = (
    (r"object '(.*)' doesn't exist", "its part {!r} is missing"),
    (r"can't locate attribute: '(.*)'", "its attribute {!r} is missing"),
    (r"component not found", "a part of it is missing"),
    (r"message type not found", "a part of it is missing or damaged"),
    (
        r"can't open file|unable to open external file.*",
        "it is a link to another file, which cannot be opened",
    ),
    (r"too many links", "it is a link that leads back to itself"),
    (
        r"filter returned failure during read",
        "its compressed values are damaged, or need a filter that is not installed",
    ),
    (r"not a group", "it must be a group of entries, but is not"),
)
# Classes for which an unsupported method was called.
_OTHER_KIND = re.compile(
    r"'(?:Datatype|Dataset|Group|File|Array|Empty)' object .+|Empty datasets cannot be .+"
)
_PYTHON = (TypeError, AttributeError, ValueError, ArithmeticError, AssertionError, LookupError)
# Python's own, of code that metadata of an unexpected form were passed to; and what to say instead.
_METADATA = (
    (r".*got an unexpected keyword argument ('.*')", "unknown key {}"),
    (r".*missing \d+ required .*argument.*?: (.*)", "no {}"),
    (r".*(?:modulo|division) by zero", "a length is 0"),
    (r"Exceeds the limit .* digits.*", "a number has thousands of digits"),
    (
        r"(unsupported operand type.*|.*object is not .*|'\w+' object (?:has no|does not|cannot) .*|"
        r"(?:list|tuple|string) indices must .*|.*not supported between instances.*|unhashable type.*|"
        r"cannot unpack .*|(?:not enough|too many) values to unpack.*|Expected dict with .*|"
        r"int\(\) argument must .*|The truth value of an array .*|can only concatenate .*)",
        "{}",
    ),
)
_CONSOLIDATED = re.compile(r"'(.*)' not found in consolidated metadata\.?")


def in_our_words(error: Exception) -> str:
    """One line, of any length, that names the problem and not the function that detected it."""
    # str() of a KeyError shows its text as Python writes it, in quotes.
    text = " ".join(str(error.args[0] if type(error) is KeyError and error.args else error).split())
    if not text:
        return "its values do not fit its metadata" if isinstance(error, _PYTHON) else type(error).__name__
    if found := _FAILED.fullmatch(text):
        return _of_hdf5(found["verb"] or found["noun"], found["why"])
    if _OTHER_KIND.fullmatch(text):
        return "it is not the kind of element that belongs there"
    if text.startswith("Stored and computed checksum do not match"):
        return "its checksum does not match its bytes"
    for pattern, words in _METADATA if isinstance(error, _PYTHON) else ():
        if found := re.fullmatch(pattern, text):
            return f"its metadata are damaged ({words.format(*found.groups())})"
    if type(error) is KeyError:
        found = _CONSOLIDATED.fullmatch(text)
        return f"its part {found[1] if found else text!r} is missing"
    return text


def _of_hdf5(step: str, why: str) -> str:
    for pattern, words in _REASONS:
        if found := re.fullmatch(pattern, why):
            return words.format(*found.groups())
    return f"HDF5 could not {_STEPS.get(step, step)}: {why}"
