"""Objects that an export to a store has there until the seal: a claim, waiting documents, the ledger."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from karospace_stream.errors import TargetError
from karospace_stream.storage import Headers, Store
from karospace_stream.targets.document_store import StoreDocuments
from karospace_stream.targets.keys import is_inside
from karospace_stream.targets.stores.holder import is_gone, this_process

#: The folder, inside the target: a bucket has no parent folder.
PARTIAL = ".karospace-partial"
#: Where entry documents wait for the seal.
DOCUMENTS = f"{PARTIAL}/documents"

#: Documents of the ledger that say what the export is and how far it has come.
HEAD, COMPLETE = "head.json", "whole.json"

_LEDGER = f"{PARTIAL}/ledger"
_CLAIM = f"{PARTIAL}/claim.json"
_LAST = (f"{_LEDGER}/{HEAD}", f"{_LEDGER}/{COMPLETE}", _CLAIM)
_PREFIX = re.compile(r"(v-[0-9a-f]{8}/)?")
_TOKEN = re.compile(r"[0-9a-f]{1,64}")
_JSON = Headers("application/json", "no-cache")
_MOST_NBYTES = 256 << 20  # of a claim: it names all objects of the older bundle


@dataclass(frozen=True, slots=True)
class Commit:
    """How to publish a complete export: written before the first entry document is replaced.

    Attributes
    ----------
    entries
        Documents that wait, the sealing one last.
    public, extra
        As of `RemoteTarget`.
    """

    entries: tuple[str, ...]
    public: bool
    extra: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """The owner of a location, and the progress of its export.

    Attributes
    ----------
    prefix
        Prefix of the new objects' names.
    began_at
        ISO 8601, UTC.
    token
        Of the export.
    old
        Objects of an older bundle, to delete in the end.
    committed
        Set once the export is complete and only has to be published; until then None.
    holder
        The process at work, from `this_process`; empty if others write too, or nobody can know.
    """

    prefix: str
    began_at: str
    token: str
    old: tuple[str, ...] = ()
    committed: Commit | None = None
    holder: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def new(cls, token: str, old: Iterable[str], *, fresh: bool, alone: bool = False) -> Claim:
        """A claim on a location that is empty, or that holds an older bundle."""
        began_at = datetime.now(UTC).isoformat(timespec="seconds")
        prefix = "" if fresh else f"v-{secrets.token_hex(4)}/"
        holder = this_process() if alone else {}
        return cls(prefix, began_at, token, tuple(sorted(set(old))), holder=holder)

    def adopt(self, store: Store, *, alone: bool) -> Claim:
        """Resume the export: this process holds the claim from now on."""
        adopted = replace(self, holder=this_process() if alone else {})
        store.put(_CLAIM, adopted._json(), _JSON)
        return adopted

    @property
    def is_dead(self) -> bool:
        """Whether the process at work is surely gone."""
        return is_gone(self.holder)

    @classmethod
    def read(cls, store: Store) -> Claim | None:
        """The claim that is there.

        Raises
        ------
        TargetError
            If it cannot be parsed: then nobody knows which objects are whose.
        """
        try:
            data = store.read_document(_CLAIM, _MOST_NBYTES)
        except FileNotFoundError:
            return None
        try:
            return _read(json.loads(data))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise TargetError(
                f"{store.shown}: the record of an unfinished export, {_CLAIM}, is damaged, so its objects "
                "cannot be told from others; delete them with the store's own tools"
            ) from error

    def make(self, store: Store) -> None:
        """Be the only one.

        Raises
        ------
        TargetError
            If somebody was faster.
        """
        if not store.create(_CLAIM, self._json(), _JSON):
            raise TargetError(f"{store.shown}: another export to it has just started; wait until it ends")

    def commit(self, store: Store, commit: Commit) -> Claim:
        """Record that the export is complete: from now on it is published, and not rolled back."""
        committed = replace(self, committed=commit)
        store.put(_CLAIM, committed._json(), _JSON)
        return committed

    def is_new(self, key: str, owned: tuple[str, ...]) -> bool:
        """Whether an object is of this export.

        Parameters
        ----------
        owned
            Prefixes of the names of a format's objects.
        """
        return key.startswith(self.prefix or owned)

    def release(self, store: Store) -> None:
        """Release the location. The documents that record the progress are deleted last."""
        store.delete(key for key in store.find(PARTIAL) if key not in _LAST)
        store.delete(_LAST)

    def _json(self) -> bytes:
        content = asdict(self)
        content["whole"] = content.pop("committed")  # the name that all versions read
        return json.dumps(content).encode()


def _read(content: Any) -> Claim:
    old, commit = tuple(content.pop("old")), content.pop("whole")
    if commit is not None:
        extra = tuple((str(name), str(value)) for name, value in commit["extra"])
        commit = Commit(tuple(commit["entries"]), bool(commit["public"]), extra)
    holder = dict(content.pop("holder", {}))  # earlier versions did not record it
    claim = Claim(**content, old=old, committed=commit, holder=holder)
    plain = all(map(is_inside, (*old, *(commit.entries if commit else ()))))
    if not (plain and _PREFIX.fullmatch(claim.prefix) and _TOKEN.fullmatch(claim.token)):
        raise ValueError("names that no export gives")
    datetime.fromisoformat(claim.began_at)
    return claim


def ledger_documents(store: Store) -> StoreDocuments:
    """The store of the ledger of an export to this location."""
    return StoreDocuments(store, _LEDGER)
