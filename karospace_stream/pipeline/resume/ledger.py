"""The ledger: one small document per finished task with its result, kept until the bundle is sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from karospace_stream.errors import TargetError
from karospace_stream.pipeline.resume.codec import decode, encode
from karospace_stream.pipeline.resume.result_types import result_types
from karospace_stream.targets.document_store import DocumentStore

_TASK = "task-"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Records task results and finds them again. Picklable; travels with the tasks.

    Attributes
    ----------
    asked
        Whether a task may run twice in one run, as on a cluster when a worker dies: only then is
        a request to check whether it is done worth its cost.
    """

    documents: DocumentStore
    asked: bool = False

    def note(self, name: str, result: Any) -> None:
        """Record the result of a task; every object that it names is already written."""
        self.documents.put(_document(name), encode(result))

    def find(self, name: str) -> tuple[Any] | None:
        """Find the result of a task in this run or the resumed one."""
        if not self.asked:
            return None
        data = self.documents.read(_document(name))
        return None if data is None else _read(data)

    def again(self, name: str) -> Any:
        """Read the result of a task in the resumed run.

        Raises
        ------
        TargetError
            If the document is gone or has changed.
        """
        data = self.documents.read(_document(name))
        found = None if data is None else _read(data)
        if found is None:
            raise TargetError(
                f"{_document(name)} of the ledger disappeared during the export; run again with --resume"
            )
        return found[0]


@dataclass(frozen=True, slots=True)
class FinishedTasks:
    """A ledger with the tasks of the earlier run, each result checked. Not for use in tasks: see `Ledger`."""

    ledger: Ledger | None
    done: frozenset[str]

    def is_done(self, name: str) -> bool:
        """Whether a task need not run again."""
        return name in self.done


def read_finished(ledger: Ledger, is_true: Callable[[Any], bool]) -> FinishedTasks:
    """Read all results, and forget those that no longer hold.

    Parameters
    ----------
    is_true
        Whether the object that a receipt of any kind describes exists.
    """
    done, untrue = [], []
    for document, data in ledger.documents.read_all().items():
        if not document.startswith(_TASK):
            continue
        found = _read(data)
        if found is not None and _all_true(found[0], is_true):
            done.append(document.removeprefix(_TASK).removesuffix(".json"))
        else:
            untrue.append(document)
    ledger.documents.remove(untrue)
    return FinishedTasks(ledger, frozenset(done))


def _all_true(result: Any, is_true: Callable[[Any], bool]) -> bool:
    try:
        return all(is_true(each) for each in objects_of(result))
    except (TypeError, ValueError):  # a receipt with invalid fields
        return False


def forget(ledger: Ledger) -> None:
    """Forget all results."""
    ledger.documents.remove([name for name in ledger.documents.names() if name.startswith(_TASK)])


def n_done(documents: DocumentStore) -> int:
    """Number of recorded results."""
    return sum(name.startswith(_TASK) for name in documents.names())


def objects_of(value: Any) -> Iterator[Any]:
    """All dataclasses in a result."""
    if is_dataclass(value):
        yield value
        for each in fields(value):
            yield from objects_of(getattr(value, each.name))
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from objects_of(item)


def _read(data: bytes) -> tuple[Any] | None:
    try:
        return (decode(data, result_types()),)
    except ValueError:  # incomplete, or of another version
        return None


def _document(name: str) -> str:
    return f"{_TASK}{name}.json"
