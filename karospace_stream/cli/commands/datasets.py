"""``datasets``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from karospace_stream.preview.export_list import ListedExport


@click.command()
@click.argument("folder", metavar="FOLDER")
@click.option(
    "--default", metavar="ID", help="Cellucid data set to show first; default: the first by folder name."
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON, for a page of your own.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def datasets(folder: str, default: str | None, as_json: bool, debug: bool) -> None:
    """List the exports in FOLDER, of every format.

    Cellucid exports are also listed in FOLDER/datasets.json, for the Cellucid viewer.

    \b
    karospace-stream datasets site
    karospace-stream datasets site --json > site/list.json
    """  # noqa: D301 - click takes a real backspace for "do not wrap"
    from pathlib import Path

    from karospace_stream.cli.show import show_json
    from karospace_stream.formats.cellucid.datasets import generate_datasets_manifest
    from karospace_stream.preview.export_list import exports_in
    from karospace_stream.runtime.events import Event, Note, ignore

    def tell(event: Event) -> None:
        if isinstance(event, Note):
            click.echo(f"note: {event.text}", err=True)

    found = exports_in(Path(folder).expanduser(), tell)
    path = None
    if default is not None or any(each.format == "cellucid" for each in found):
        path = generate_datasets_manifest(folder, default_dataset=default, listener=ignore)
    if as_json:
        show_json([each.to_json() for each in found])
        return
    for each in found:
        click.echo(_line(each))
    if not found:
        click.echo(f"{folder}: no exports")
    if path is not None:
        click.echo(f"{path} lists the Cellucid exports")


def _line(each: ListedExport) -> str:
    from karospace_stream.units import format_shape

    extras = [word for word, there in (("page", each.page), ("picture", each.picture)) if there]
    facts = ", ".join([each.format, format_shape(each.n_cells, each.n_genes), *extras])
    description = " ".join(each.description.split())  # those of a file may have lines
    return f"{each.folder}: {each.title} ({facts})" + (f": {description}" if description else "")
