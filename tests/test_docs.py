"""The documentation names files, tests and headings that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_rooms import FLOORS

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
# Where a path in backticks may begin.
BASES = ("", "tests", "karospace_stream", "viewer", "viewer/src")
# Made when the documentation is built.
BUILT = {"_build"}

_CODE_BLOCK = re.compile(r"^ *(```+|~~~+|:::+).*?^ *\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"\]\(<?([^)>\s]+)>?\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_FLOOR = re.compile(r"^\| (\d+) \| (`.*?`) \|", re.MULTILINE)
_PATH = re.compile(r"`((?:[\w.*-]+/)+[\w.*-]+\.(?:py|tsx?|css|md))?(?:::(\w+))?`")


def problems(page: Path, text: str) -> Iterator[str]:
    """Every link, path and test of a page that leads nowhere."""
    prose = _CODE_BLOCK.sub("", text)
    for target in _LINK.findall(_CODE.sub("", prose)):
        if not re.match(r"[a-z]+:", target) and not is_there(page, text, target):
            yield f"link {target}"
    last: list[Path] = []
    for path, test in _PATH.findall(prose):
        if "NAME" in path or not (path or test):
            continue
        last = files_of(path) if path else last
        if not last:
            yield f"path {path}"
        elif test and not any(f"def {test}(" in file.read_text("utf-8") for file in last):
            yield f"test {test}"


def is_there(page: Path, text: str, target: str) -> bool:
    path, _, anchor = target.partition("#")
    file = page.parent / path if path else page
    if not BUILT.isdisjoint(file.parts):
        return True
    if not file.exists():
        return False
    return not anchor or anchor in anchors(text if file == page else file.read_text("utf-8"))


def anchors(text: str) -> set[str]:
    """Headings as GitHub and MyST make anchors of them."""
    headings = _HEADING.findall(_CODE_BLOCK.sub("", text))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def files_of(path: str) -> list[Path]:
    return [file for base in BASES for file in (ROOT / base).glob(path)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_names_what_exists(page: Path) -> None:
    assert not list(problems(page, page.read_text("utf-8")))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[a](docs/none.md)", "link docs/none.md"),
        ("[a](#none)\n# Some", "link #none"),
        ("[a](docs/index.md#none)", "link docs/index.md#none"),
        ("`tests/none.py`", "path tests/none.py"),
        ("`storage/none*.py`", "path storage/none*.py"),
        ("`tests/test_docs.py::test_none`", "test test_none"),
        ("`tests/test_docs.py`\n`::test_none`", "test test_none"),
    ],
)
def test_what_does_not_exist_is_found(text: str, problem: str) -> None:
    assert list(problems(ROOT / "README.md", text)) == [problem]


@pytest.mark.parametrize(
    "text",
    [
        "[a](docs/index.md) [b](#a-bs-c) [c](https://example.org/none.md)\n# A `b`'s (C)",
        "`test_docs.py` `tests/test_docs.py` `storage/retry.py` `state/session.ts` `formats/NAME/options.py`",
        "`tests/test_docs.py::test_a_page_names_what_exists`\n`::is_there`",
        "```\n[a](none.md) `tests/none.py`\n```",
    ],
)
def test_what_exists_is_no_problem(text: str) -> None:
    assert not list(problems(ROOT / "README.md", text))


def test_the_tour_has_every_room_on_its_floor() -> None:
    text = (ROOT / "docs" / "design" / "tour.md").read_text("utf-8")
    told = {
        (int(number), room.strip("`/"))
        for number, rooms in _FLOOR.findall(text)
        for room in rooms.split(", ")
    }
    known = {(number, room) for number, rooms in enumerate(FLOORS, 1) for room in rooms}
    assert told == {(number, room) for number, room in known if not room.startswith("__")}


def test_the_page_of_the_session_file_has_each_part_in_order() -> None:
    saved = ROOT / "viewer" / "src" / "state" / "link" / "saved"
    sources = {path.stem: path.read_text(encoding="utf-8") for path in saved.glob("*.ts")}
    keys = {
        name: key
        for text in sources.values()
        for name, key in re.findall(r"export const (\w+Part)\b.*?\bkey: '(\w+)'", text, re.DOTALL)
    }
    listed = re.search(r"SAVED_PARTS[^=]*= \[(.*?)\]", sources["list"], re.DOTALL)
    assert listed
    page = (ROOT / "docs" / "formats" / "session-file.md").read_text(encoding="utf-8")
    rows = page.split("| part | content |", 1)[1].split("\n\n", 1)[0]
    assert re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE) == [
        keys[name] for name in re.findall(r"\w+Part", listed[1])
    ]


def test_every_page_is_in_a_list_of_contents() -> None:
    docs = ROOT / "docs"
    listed = {
        (page.parent / f"{name}.md").resolve()
        for page in docs.rglob("*.md")
        for block in re.findall(r"```\{toctree\}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
        for name in block.splitlines()
        if name and not name.startswith(":")
    }
    pages = {page.resolve() for page in docs.rglob("*.md") if not BUILT & set(page.parts)}
    assert pages - listed == {(docs / "index.md").resolve()}
