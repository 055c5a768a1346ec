"""The files of several inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass

from karospace_stream.source.anndata_source import KeptOpen, Origin

_MOST_OPEN = 64  # files at a time: a process may have a few hundred


@dataclass(frozen=True, slots=True)
class JoinedOrigin:
    """Where the inputs are from."""

    origins: tuple[Origin, ...]

    def check(self) -> None:
        """Raise BadInputError if one of them has changed since."""
        for origin in self.origins:
            origin.check()

    def kept_open(self) -> AbstractContextManager[None]:
        """Open all files once for everything that this thread reads meanwhile, unless they are too many."""
        opened = [origin for origin in self.origins if isinstance(origin, KeptOpen)]
        return _all_open(opened) if len(opened) <= _MOST_OPEN else nullcontext()


@contextmanager
def _all_open(origins: Sequence[KeptOpen]) -> Iterator[None]:
    with ExitStack() as stack:
        for origin in origins:
            stack.enter_context(origin.kept_open())
        yield
