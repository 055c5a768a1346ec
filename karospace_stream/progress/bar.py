"""One bar on a terminal for the whole run, and a line for the stage at work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from karospace_stream.display.wrap import wrap_sentence
from karospace_stream.progress.tally import Tally
from karospace_stream.runtime.events import Event, Listener, Note
from karospace_stream.words.words import Words


class _Bar(Progress):
    """The bar, with the stage below it."""

    stage = ""

    def get_renderables(self) -> Iterable[RenderableType]:
        yield from super().get_renderables()
        yield Text(self.stage, style="dim", no_wrap=True, overflow="ellipsis")


@contextmanager
def bar(words: Words) -> Iterator[Listener]:
    """A listener that draws on stderr. The bar is gone when it ends; notes stay."""
    console = Console(stderr=True)
    columns = (
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[left]}"),
        TextColumn("{task.fields[memory]}"),
    )
    tally = Tally()
    with _Bar(*columns, console=console, refresh_per_second=4, transient=True, expand=True) as shown:
        task = shown.add_task("", total=None, left="", memory="")

        def listen(event: Event) -> None:
            if isinstance(event, Note):
                lines = wrap_sentence(words.note(event), console.width)
                console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
                return
            tally.hear(event)
            shown.stage = tally.stage
            shown.update(
                task, completed=tally.done, total=tally.total or None, left=tally.left, memory=tally.memory
            )

        yield listen
