"""Private members of other packages: each in its one file, and as that file expects it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

PACKAGE = Path(__file__).parents[2] / "karospace_stream"

# Package, class, member, the file that uses it, what it is called with: positions, then names.
MEMBERS = (
    ("gcsfs", "core:GCSFileSystem", "_request", "storage/private/gcsfs.py", 2, ("headers", "data")),
    ("adlfs", "spec:AzureBlobFileSystem", "_isfile", "storage/private/adlfs.py", 1, ()),
    ("s3fs", "core:S3FileSystem", "_call_s3", "storage/private/s3fs.py", 1, ("Bucket", "Key", "Body")),
    ("dask", "array.core:Array", "_meta", "source/memory/dask_meta.py", None, ()),
    ("fsspec", "spec:AbstractFileSystem", "_strip_protocol", "storage/calls.py", 1, ()),
)
# fsspec documents these for asynchronous use; every filesystem has its own.
CALLS = {
    "_pipe_file": ("path", "data"),
    "_put_file": ("local", "path"),
    "_cat_file": ("path",),
    "_info": ("path",),
    "_find": ("path",),
    "_ls": ("path",),
    "_rm_file": ("path",),
}
KEYWORDS = {"_cat_file": ("start", "end"), "_find": ("detail",), "_ls": ("detail",)}
FILESYSTEMS = (
    ("s3fs", "core:S3FileSystem"),
    ("gcsfs", "core:GCSFileSystem"),
    ("adlfs", "spec:AzureBlobFileSystem"),
    ("fsspec", "implementations.http:HTTPFileSystem"),
)
# Of the standard library, and public in spite of their names.
NOT_PRIVATE = {"_exit", "_replace"}
ALLOWED = {
    **{file: {member} for _, _, member, file, *_ in MEMBERS},
    "storage/calls.py": {"_strip_protocol", "_makedirs", *CALLS},
}


def member(package: str, where: str, name: str, file: str) -> Any:
    module, _, cls = where.partition(":")
    pytest.importorskip(package)
    found = getattr(getattr(import_module(f"{package}.{module}"), cls, None), name, None)
    assert found is not None, f"{package} {version(package)} has no {cls}.{name} any more; {file} uses it"
    return found


def check_call(package: str, name: str, file: str, call: Any, n_given: int, names: tuple[str, ...]) -> None:
    signature = inspect.signature(inspect.unwrap(call))
    bound = inspect.ismethod(call)
    try:
        signature.bind(*range(n_given + (not bound)), **dict.fromkeys(names))
    except TypeError as error:
        pytest.fail(f"{package} {version(package)} has changed {name}{signature}: {error}; {file} calls it")


@pytest.mark.parametrize(
    ("package", "where", "name", "file", "n_given", "names"), MEMBERS, ids=[f"{m[0]}.{m[2]}" for m in MEMBERS]
)
def test_a_private_member_is_as_we_use_it(
    package: str, where: str, name: str, file: str, n_given: int | None, names: tuple[str, ...]
) -> None:
    found = member(package, where, name, file)
    if n_given is not None:
        check_call(package, name, file, found, n_given, names)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("package", "where"), FILESYSTEMS, ids=[each[1] for each in FILESYSTEMS])
def test_an_asynchronous_method_is_as_we_call_it(package: str, where: str, name: str) -> None:
    found = member(package, where, name, "storage/calls.py")
    is_async = inspect.iscoroutinefunction(inspect.unwrap(found))
    assert is_async, f"{package} {version(package)}: {name} is not asynchronous any more"
    check_call(package, name, "storage/calls.py", found, len(CALLS[name]), KEYWORDS.get(name, ()))


def test_gcsfs_retries_with_a_decorator_that_can_be_taken_off() -> None:
    found = member("gcsfs", "core:GCSFileSystem", "_request", "storage/private/gcsfs.py")
    assert inspect.unwrap(found) is not found, (
        f"gcsfs {version('gcsfs')}: GCSFileSystem._request is not decorated any more; see how it retries "
        "now, and turn that off in storage/private/gcsfs.py"
    )


def test_adlfs_asks_for_a_blob_before_a_list() -> None:
    found = member("adlfs", "spec:AzureBlobFileSystem", "_find", "storage/private/adlfs.py")
    assert "self._isfile(" in inspect.getsource(found), (
        f"adlfs {version('adlfs')}: _find calls _isfile no more; storage/private/adlfs.py may be of no use"
    )


def private_members(file: str, text: str) -> Iterator[str]:
    """Private attributes that the file uses and does not itself define, and private names that it imports."""
    nodes = list(ast.walk(ast.parse(text)))
    own = {each.name for each in nodes if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    own |= {each.attr for each in nodes if isinstance(each, ast.Attribute) and is_self(each.value)}
    for node in nodes:
        match node:
            case ast.Attribute(value=value, attr=name) if not is_self(value) and name not in own:
                names = [name]
            case ast.Call(func=ast.Name(id=asks), args=[_, ast.Constant(value=str(name)), *_]) if asks in {
                "getattr",
                "hasattr",
                "setattr",
            }:
                names = [name]
            case ast.ImportFrom(module=str(module)) if not module.startswith("karospace_stream"):
                names = [*module.split("."), *(alias.name for alias in node.names)]
            case _:
                continue
        for name in names:
            if name.startswith("_") and not name.endswith("__") and name not in NOT_PRIVATE:
                yield f"{file}:{node.lineno}: {name}"


def is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"self", "cls"}


def test_no_other_file_uses_a_private_member() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        file = path.relative_to(PACKAGE).as_posix()
        uses = private_members(file, path.read_text("utf-8"))
        found += [use for use in uses if use.rpartition(" ")[2] not in ALLOWED.get(file, ())]
    assert not found, "\n".join(["use a public way, or give it a file of its own:", *found])


def test_a_private_member_is_seen() -> None:
    text = "from a._b import c\nx._y.z\ngetattr(x, '_w', None)\nself._v\nother._v\nos._exit(0)\nx.__class__"
    assert [use.rpartition(" ")[2] for use in private_members("f.py", text)] == ["_b", "_w", "_y"]
