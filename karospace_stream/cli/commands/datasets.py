"""``datasets``."""

from __future__ import annotations

import click


@click.command()
@click.argument("folder", metavar="FOLDER")
@click.option("--default", metavar="ID", help="Data set to show first; default: the first by name.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def datasets(folder: str, default: str | None, as_json: bool, debug: bool) -> None:
    """List the Cellucid exports in FOLDER in its datasets.json, so that a page can offer them."""
    from karospace_stream.formats.cellucid.datasets import generate_datasets_manifest
    from karospace_stream.runtime.events import Event, Note

    def tell(event: Event) -> None:
        if isinstance(event, Note):
            click.echo(f"note: {event.text}", err=True)

    path = generate_datasets_manifest(folder, default_dataset=default, listener=tell)
    click.echo(path.read_text(encoding="ascii") if as_json else path)
