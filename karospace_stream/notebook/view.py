"""The return value of `karospace_stream.show`: the page in an output cell, seen from Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
import numpy.typing as npt
import traitlets

from karospace_stream.display.card import Card
from karospace_stream.display.html import card_html
from karospace_stream.errors import BadOptionError, KaroSpaceError
from karospace_stream.notebook.environment import Environment
from karospace_stream.serving import Server

if TYPE_CHECKING:
    import pandas as pd

Cells = npt.NDArray[np.int64]


class View(anywidget.AnyWidget):  # type: ignore[misc] # it has no types
    """The viewer in an output cell. Made by `karospace_stream.show`.

    Attributes
    ----------
    server
        Server of the page.
    """

    _esm = Path(__file__).with_name("widget.js")
    _port = traitlets.Int().tag(sync=True)
    _path = traitlets.Unicode().tag(sync=True)
    _advice = traitlets.Unicode().tag(sync=True)
    _height = traitlets.Int().tag(sync=True)
    _colour = traitlets.Dict().tag(sync=True)

    def __init__(self, server: Server, environment: Environment, height: int) -> None:
        super().__init__(
            _port=server.port, _path=server.path, _advice=environment.advice(server.port), _height=height
        )
        self.server = server
        self._selected: Cells = np.empty(0, dtype=np.int64)
        self._groups: dict[str, Cells] = {}
        self._n_cells: int | None = None
        self._callbacks: list[Callable[[Cells], None]] = []
        self.on_msg(self._hear)

    @property
    def url(self) -> str:
        """URL of the page, for a separate window on the kernel's machine."""
        return self.server.url

    @property
    def selection(self) -> Cells:
        """Indices of the selected cells: int64, ascending, shape ``(n_selected,)``; a copy.

        They count the exported cells from 0. These are the rows of the AnnData, unless ``downsample`` was
        used.
        """
        return self._selected.copy()

    @property
    def groups(self) -> pd.Series[Any]:
        """The groups of the page, as a column of ``obs``: a categorical with a row for each exported cell.

        A cell in several groups has the last of them, as on the page; a cell in none is missing. The rows are
        numbered from 0, so assign them by position: ``adata.obs["group"] = view.groups.array``.

        Raises
        ------
        KaroSpaceError
            If the page has not been open yet.
        """
        import pandas as pd

        if self._n_cells is None:
            raise KaroSpaceError(
                "the groups are known once the page is open: show the view in a cell, wait until it is "
                "drawn, and ask in a later cell"
            )
        codes = np.full(self._n_cells, -1, dtype=np.int32)
        for code, cells in enumerate(self._groups.values()):
            codes[cells] = code
        return pd.Series(
            pd.Categorical.from_codes(codes, categories=pd.Index([*self._groups], dtype=object)), name="group"
        )

    @property
    def group_cells(self) -> dict[str, Cells]:
        """Indices of the cells of each group, by its name, as in `selection`; copies."""
        return {name: cells.copy() for name, cells in self._groups.items()}

    def __repr__(self) -> str:
        return f"View of {self.url}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The page; if the notebook is read without a kernel, a card that says what was shown."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        card = Card("KaroSpace viewer", remarks=("It is shown while the notebook runs: run the cell again.",))
        return {**data, "text/html": card_html(card)}, metadata

    def color_by(self, column: str | None = None, *, gene: str | None = None) -> None:
        """Colour the cells by a column of ``obs`` or by a gene. If the name does not exist, the page says so.

        Parameters
        ----------
        column
            Name of the column.
        gene
            Name of the gene.

        Raises
        ------
        BadOptionError
            If both are given, or neither.
        """
        if (column is None) == (gene is None):
            raise BadOptionError(
                f"give either a column or gene=NAME, got column={column!r} and gene={gene!r}"
            )
        asked = {"column": column} if gene is None else {"gene": gene}
        # Counted: requesting the same again after the user chose another is a change too.
        self._colour = {"asked": asked, "number": self._colour.get("number", 0) + 1}

    def on_selection(self, callback: Callable[[Cells], None]) -> Callable[[], None]:
        """Call a function whenever the selection changes.

        Parameters
        ----------
        callback
            Called with the new `selection`.

        Returns
        -------
        callable
            Function without arguments that stops these calls.
        """
        self._callbacks.append(callback)

        def end() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return end

    def close(self) -> None:
        """Stop the server and remove the page."""
        self.server.stop()
        super().close()

    def _hear(self, _: Any, content: Any, buffers: Sequence[Any]) -> None:
        if not isinstance(content, dict):
            return
        if content.get("type") == "groups":
            self._hear_groups(content.get("names"), content.get("n_cells"), buffers)
        if content.get("type") != "selection" or len(buffers) != 1:
            return
        cells = _cells(buffers[0])
        if np.array_equal(cells, self._selected):
            return
        self._selected = cells
        for callback in tuple(self._callbacks):
            callback(self.selection)

    def _hear_groups(self, names: Any, n_cells: Any, buffers: Sequence[Any]) -> None:
        if not isinstance(names, list) or not isinstance(n_cells, int) or len(names) != len(buffers):
            return
        groups = {str(name): _cells(buffer) for name, buffer in zip(names, buffers, strict=True)}
        # A cell that does not exist comes from no page of ours.
        if all(cells.size == 0 or cells.max() < n_cells for cells in groups.values()):
            self._groups, self._n_cells = groups, n_cells


def _cells(buffer: Any) -> Cells:
    return np.frombuffer(buffer, dtype="<u4").astype(np.int64)
