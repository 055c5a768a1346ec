"""The rooms of the package: who may import whom, and which words stay where.

Floors are listed from the ground up. A file imports from its own room and from the floors below it; rooms of
one floor do not know each other. Reading is the business of ``source``, so inflating is; ``testing`` writes
whole ``.h5ad`` files, so it has the words of storage too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "karospace_stream"
VIEWER = ROOT / "viewer" / "src"
FLOORS = (
    ("_version", "errors"),
    ("similar", "units", "display"),
    ("model",),
    ("storage",),
    ("source", "select", "transpose", "derive", "encode", "targets", "runtime", "measures", "serving"),
    ("images",),
    ("options",),
    ("inputs",),
    ("formats",),
    ("words",),
    ("plan", "progress"),
    ("pipeline",),
    ("preview", "compat", "tables", "verification", "doctor"),
    ("notebook", "app", "testing"),
    ("cli",),
    ("__init__",),
    ("__main__",),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
# Storage knows nothing of the nouns.
MAY_NOT = {"storage": {"model", "units"}}
# A layout is pure: names, manifests, versions.
LAYOUT_MAY = ("encode", "model", "errors")
MOST_SIBLINGS = 16
# One small file each of many things of one kind; and the root, whose rooms are the picture.
MANY = {"", "cli/commands", "doctor/checks", "doctor/hosts"}
# Module (or name in it) -> rooms or files that may import it. The longest match decides.
WORDS = {
    "dask": {"runtime/graph.py", "runtime/run.py", "runtime/cluster.py"},
    "distributed": {"runtime/cluster.py"},
    "h5py": {"source", "testing"},
    "pyarrow": {"inputs"},
    "tifffile": {"images"},
    "imagecodecs": {"images"},
    "shapely": {"inputs"},
    "hdf5plugin": {"source", "testing"},
    "gzip": {"encode"},
    "isal": {"encode", "source", "testing"},
    "isal.isal_zlib.crc32": {"encode", "source", "targets", "testing"},
    "zlib": {"doctor", "encode", "source"},
    "zlib.crc32": {"encode", "source", "targets"},
    "fsspec": {"storage"},
    "s3fs": {"storage"},
    "filelock": {"targets"},
    "platformdirs": {"app", "targets"},
    "anywidget": {"notebook"},
    "traitlets": {"notebook"},
    "IPython": {"notebook", "progress"},
    "click": {"cli"},
    "rich": {"cli", "progress"},
    "uvicorn": {"serving"},
    "starlette": {"app", "serving"},
}
JSON_KEYS = {
    *("schema_version", "asset_files", "annotation_columns", "n_genes_exported", "gene_list", "size_bytes"),
    *(
        "source_index",
        "per_gene_float32_v1",
        "coordinate_source",
        "y_axis",
        "gene_digits",
        "part_digits",
    ),
}
HTML = re.compile(r"<(!doctype|html|head|body|div|span|script|style|table|svg|canvas)\b", re.IGNORECASE)


def imports(tree: ast.AST, package: list[str]) -> Iterator[str]:
    """Every imported name, dotted and absolute, wherever in the file it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            yield from (".".join([*base, *filter(None, [node.module]), alias.name]) for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant))


def may_import(file: str, other: str) -> bool:
    """Whether a file may import a module of ours, by its dotted name below the package."""
    room, target = file.split("/")[0].removesuffix(".py"), other.split(".")[0] or "__init__"
    if "/layout/" in file:
        return target in LAYOUT_MAY or (target == "formats" and ".layout" in f".{other}")
    if target in MAY_NOT.get(room, ()):
        return False
    return room == target or FLOOR.get(target, len(FLOORS)) < FLOOR[room]


def import_problems(file: str, room: str, tree: ast.AST) -> Iterator[str]:
    for name in imports(tree, ["karospace_stream", *file.split("/")[:-1]]):
        top, _, rest = name.partition(".")
        if top == "karospace_stream" and not may_import(file, rest):
            yield f"imports {name}"
        words = [word for word in WORDS if f"{name}.".startswith(f"{word}.")]
        if words and not WORDS[max(words, key=len)] & {room, file}:
            yield f"imports {name}"


def word_problems(room: str, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="print") if room not in {"cli", "notebook"}:  # a cell has an output
                yield "prints"
            case ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr" as stream) if room not in {
                "cli",
                "progress",
            }:
                yield f"uses sys.{stream}"
            case ast.Constant(value=str(text)) if text in JSON_KEYS and room not in {"formats", "testing"}:
                yield f"knows the JSON key {text!r}"
            case ast.Constant(value=str(text)) if HTML.search(text):
                yield f"holds HTML: {text[:40]!r}"


def problems(file: str, text: str) -> list[str]:
    """What is wrong with one file of the package; ``file`` is its path below the package."""
    room = file.split("/")[0].removesuffix(".py")
    if room not in FLOOR:
        return [f"unknown room {room}"]
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        return [f"cannot be parsed: {error}"]
    return [*import_problems(file, room, tree), *word_problems(room, tree)]


def test_every_file_keeps_to_its_room() -> None:
    files = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    assert "errors.py" in files
    found = [
        f"{file}: {problem}"
        for file in sorted(files)
        for problem in problems(file, files[file].read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


def test_no_two_files_import_each_other() -> None:
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in PACKAGE.rglob("*.py")
    }
    graph = {}
    for module, path in modules.items():
        package = list(path.relative_to(ROOT).parts[:-1])
        names = set(imports(ast.parse(path.read_text("utf-8")), package))
        graph[module] = {name if name in modules else name.rpartition(".")[0] for name in names} & set(
            modules
        )
    assert graph["karospace_stream.pipeline.run"]
    assert not circles(graph)


def test_no_two_files_of_the_viewer_import_each_other() -> None:
    files = {path.resolve() for ext in ("ts", "tsx") for path in VIEWER.rglob(f"*.{ext}")}
    graph = {str(path): {str(other) for other in viewer_imports(path, files)} for path in files}
    assert sum(map(len, graph.values())) > len(files)
    assert not circles(graph)


def viewer_imports(path: Path, files: set[Path]) -> Iterator[Path]:
    for name in re.findall(r"""(?:from|import)\s*\(?\s*["'](\.[^"']*)["']""", path.read_text("utf-8")):
        base = path.parent / name
        choices = (base, *(base.with_name(f"{base.name}.{ext}") for ext in ("ts", "tsx")))
        yield from (each.resolve() for each in choices if each.resolve() in files)


def circles(graph: dict[str, set[str]]) -> list[str]:
    """What is left when files that import none of the rest, or none of the rest imports, are taken away."""
    left = {name: set(others) for name, others in graph.items()}
    while True:
        imported = set().union(*left.values()) if left else set()
        free = {name for name, others in left.items() if not others or name not in imported}
        if not free:
            return sorted(left)
        left = {name: others - free for name, others in left.items() if name not in free}


def test_a_circle_is_seen() -> None:
    assert not circles({"a": {"b", "c"}, "b": {"c"}, "c": set()})
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}, "e": set()}) == ["b", "c"]
    assert circles({"a": {"a"}}) == ["a"]


@pytest.mark.parametrize("top", [PACKAGE, VIEWER], ids=["package", "viewer"])
def test_no_folder_has_many_siblings(top: Path) -> None:
    folders = [top, *(path for path in top.rglob("*") if path.is_dir() and path.name != "__pycache__")]
    assert len(folders) > 10
    many = {}
    for folder in folders:
        inside = [path for path in folder.iterdir() if not path.name.startswith("__")]
        if len(inside) > MOST_SIBLINGS and folder.relative_to(top).as_posix().strip(".") not in MANY:
            many[str(folder)] = len(inside)
    assert not many


def test_files_are_short_and_named_after_what_they_hold() -> None:
    folders = [
        PACKAGE,
        *(
            ROOT / name
            for name in ("tests", "examples", "benchmarks", "viewer/src", "viewer/test", "viewer/build")
        ),
    ]
    files = [path for folder in folders for ext in ("py", "ts", "css") for path in folder.rglob(f"*.{ext}")]
    assert len(files) > 10
    long = [f"{path}: {n} lines" for path in files if (n := len(path.read_text("utf-8").splitlines())) > 400]
    assert not long, "\n".join(long)
    assert not [path for path in files if path.stem in {"utils", "util", "helpers", "misc", "common"}]


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        (
            "source/a.py",
            "from karospace_stream.select import Selection",
            "imports karospace_stream.select.Selection",
        ),
        ("source/a.py", "from ..targets import fs", "imports karospace_stream.targets.fs"),
        ("targets/a.py", "from karospace_stream import pipeline", "imports karospace_stream.pipeline"),
        ("plan/a.py", "from karospace_stream.pipeline import run", "imports karospace_stream.pipeline.run"),
        ("preview/a.py", "import karospace_stream.compat", "imports karospace_stream.compat"),
        ("storage/a.py", "from karospace_stream.units import x", "imports karospace_stream.units.x"),
        (
            "formats/karospace/layout/a.py",
            "from karospace_stream.formats.format import Sealed",
            "imports karospace_stream.formats.format.Sealed",
        ),
        ("encode/a.py", "from karospace_stream.formats import x", "imports karospace_stream.formats.x"),
        ("units.py", "import karospace_stream.model.plan", "imports karospace_stream.model.plan"),
        ("model/a.py", "import karospace_stream", "imports karospace_stream"),
        ("runtime/other.py", "def f():\n    import dask.array as da", "imports dask.array"),
        ("select.py", "import importlib\nimportlib.import_module('h5py')", "imports h5py"),
        ("targets/a.py", "from gzip import compress", "imports gzip.compress"),
        ("formats/a.py", "import zlib", "imports zlib"),
        ("targets/a.py", "from isal import isal_zlib", "imports isal.isal_zlib"),
        ("targets/a.py", "from isal.isal_zlib import compress", "imports isal.isal_zlib.compress"),
        ("pipeline/a.py", "from fsspec.core import url_to_fs", "imports fsspec.core.url_to_fs"),
        ("serving/a.py", "import click", "imports click"),
        ("pipeline/a.py", "list(map(print, [1]))", "prints"),
        ("source/a.py", "import sys\nsys.stderr.write('x')", "uses sys.stderr"),
        ("pipeline/a.py", "x = {'schema_version': 1}", "knows the JSON key 'schema_version'"),
        ("formats/a.py", "x = f'<div>{1}</div>'", "holds HTML: '<div>'"),
        ("extra/a.py", "", "unknown room extra"),
    ],
)
def test_a_breach_is_seen(file: str, text: str, problem: str) -> None:
    assert problems(file, text) == [problem]


def test_a_file_that_cannot_be_parsed_is_a_problem() -> None:
    assert [p.split(":")[0] for p in problems("source/a.py", "def f(:\n")] == ["cannot be parsed"]
    assert [p.split(":")[0] for p in problems("source/a.py", "x = 1\0")] == ["cannot be parsed"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("runtime/graph.py", "import dask"),
        ("targets/a.py", "from zlib import crc32"),
        ("targets/a.py", "from isal.isal_zlib import crc32"),
        ("formats/a.py", "from karospace_stream.encode.gzip import deflate\nx = 'schema_version'"),
        ("cli/a.py", "import click\nfrom karospace_stream.pipeline import export\nprint(1)"),
        ("pipeline/a.py", "from karospace_stream.source import open_source"),
        ("formats/karospace/layout/a.py", "from karospace_stream.formats.layout.checksums import CHECKSUMS"),
        ("source/a.py", "from karospace_stream.model.source import Source\nx = 'gzip'"),
    ],
)
def test_what_is_allowed_is_not_a_breach(file: str, text: str) -> None:
    assert not problems(file, text)
