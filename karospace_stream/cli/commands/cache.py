"""``cache``."""

from __future__ import annotations

from typing import Any

import click


@click.group()
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def cache(debug: bool) -> None:
    """List or clear the exports that `serve` and the notebook keep of .h5ad and .zarr files.

    They are in the folder KAROSPACE_CACHE, by default where the system keeps caches. If they take more
    than KAROSPACE_CACHE_LIMIT (default: 20GB or, if less, a fifth of the free disk space), the least
    recently used ones are deleted.
    """


@cache.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_entries(as_json: bool) -> None:
    """List the cached exports, the last used first."""
    from datetime import UTC, datetime

    from karospace_stream.cli.show import show_json
    from karospace_stream.preview.cached import open_cache
    from karospace_stream.units import counted, format_nbytes

    kept = open_cache()
    entries = kept.entries()
    if as_json:
        show_json(
            {
                "folder": str(kept.root),
                "limit_nbytes": kept.limit_nbytes,
                "entries": [_entry(kept, each) for each in entries],
            }
        )
        return
    for each in entries:
        used = "in use" if each.in_use else f"{datetime.fromtimestamp(each.used_at, UTC):%Y-%m-%d %H:%M} UTC"
        click.echo(f"{format_nbytes(each.nbytes):>10}  {used:<20}  {each.source}")
    total = format_nbytes(sum(each.nbytes for each in entries))
    click.echo(
        f"{counted(len(entries), 'export')}, {total} of {format_nbytes(kept.limit_nbytes)}, in {kept.root}"
    )


@cache.command("clear")
def clear() -> None:
    """Delete all cached exports that are not in use."""
    from karospace_stream.preview.cached import open_cache
    from karospace_stream.units import counted, format_nbytes

    kept = open_cache()
    gone = kept.clear()
    click.echo(f"{counted(len(gone), 'export')} deleted, {format_nbytes(sum(each.nbytes for each in gone))}")
    for each in kept.entries():
        click.echo(f"note: {each.source} is in use and was kept", err=True)


def _entry(kept: Any, each: Any) -> dict[str, Any]:
    return {
        "source": each.source,
        "folder": str(kept.folder(each.key)),
        "nbytes": each.nbytes,
        "used_at": each.used_at,
        "in_use": each.in_use,
    }
