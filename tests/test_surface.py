"""What the package offers at its top, whatever was loaded before."""

from __future__ import annotations

import subprocess
import sys

import karospace_stream


def test_every_name_is_there_and_stays_callable() -> None:
    program = (
        "import karospace_stream as ks, pkgutil, importlib\n"
        "names = [m.name for m in pkgutil.iter_modules(ks.__path__)]\n"
        "for name in names: importlib.import_module(f'karospace_stream.{name}')\n"
        "assert not set(names) & set(ks.__all__), 'a folder would hide a function'\n"
        "assert all(callable(getattr(ks, name)) for name in ks.__all__)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_dir_lists_the_surface() -> None:
    assert set(karospace_stream.__all__) <= set(dir(karospace_stream))
