"""`karospace_stream.show`: the viewer in an output cell."""

from __future__ import annotations

import atexit
import logging
import secrets
import threading
from typing import TYPE_CHECKING, Any, Unpack

from karospace_stream.errors import BadOptionError, KaroSpaceError
from karospace_stream.notebook.environment import find_environment
from karospace_stream.preview.serve import serve
from karospace_stream.progress.cell import in_notebook
from karospace_stream.runtime.events import Event, Note
from karospace_stream.words.signature import with_keywords
from karospace_stream.words.words import PYTHON, in_python

if TYPE_CHECKING:
    from karospace_stream.notebook.frame import Frame
    from karospace_stream.notebook.view import View
    from karospace_stream.options.keywords import ExportKeywords
    from karospace_stream.serving import Server

_LOG = logging.getLogger(__name__)


@with_keywords(plans=True)
def show(
    source: Any, height: int = 600, *, progress: bool | None = None, **options: Unpack[ExportKeywords]
) -> View | Frame:
    """Show data in an output cell of JupyterLab, the classic notebook, VS Code or Colab.

    A thread of the kernel runs a server for the page. If the kernel and the browser are on different
    machines, the page comes through jupyter-server-proxy; if that is not installed, the cell says what to
    do. Notes are printed, for instance that the data have no genes.

    Parameters
    ----------
    source
        As for `serve`: an export of any format, a folder of exports, a URL, a ``.h5ad``, a
        ``.zarr``, or an ``AnnData`` in memory.
    height
        Height of the output in pixels, at least 1.
    progress
        Whether to show the progress of an export above the page, until it is complete. By default in a
        notebook. False shows none.
    **options
        As for `export`, if the data must be exported first.

    Returns
    -------
    View or Frame
        The page; a cell shows it if it is its last expression. A `View` can set the colouring and read the
        selection. Without anywidget (the extra ``jupyter``), a plain frame that can do neither.

    Raises
    ------
    BadOptionError
        If ``height`` is not a whole number above zero.
    KaroSpaceError
        As for `serve`.

    Examples
    --------
    >>> view = show(adata)  # doctest: +SKIP
    >>> view.color_by(gene="CD3D")  # doctest: +SKIP
    >>> adata[view.selection].obs["cell_type"].value_counts()  # doctest: +SKIP
    """
    if isinstance(height, bool) or not isinstance(height, int) or height < 1:
        raise BadOptionError(f"height must be a number of pixels above zero, got {height!r}")
    # Not port 8000: a notebook may have many outputs. The token keeps out other users of the machine.
    shows = in_notebook() if progress is None else progress  # and notes with it
    listener = None if shows else _print_note
    token = secrets.token_urlsafe(16)
    server = serve(source, port=0, token=token, listener=listener, progress=shows, **options)
    atexit.register(server.stop)
    server.on_stop(lambda: atexit.unregister(server.stop))
    threading.Thread(target=_log_failure, args=[server], daemon=True).start()
    return _page(server, height)


def _page(server: Server, height: int) -> View | Frame:
    environment = find_environment()
    try:
        from karospace_stream.notebook.view import View
    except ImportError:  # anywidget is not installed
        from karospace_stream.notebook.frame import Frame

        return Frame(server, environment, height)
    return View(server, environment, height)


def _print_note(event: Event) -> None:
    """Print notes into the output cell; only the page shows the progress of an export."""
    if isinstance(event, Note):
        print(PYTHON.note(event))  # noqa: T201 - what it is for


def _log_failure(server: Server) -> None:
    """Report in the notebook why an export failed that was still running when its page was shown."""
    try:
        server.complete()
    except KaroSpaceError as error:
        _LOG.error("the export failed, so the viewer shows nothing: %s", in_python(str(error)))
