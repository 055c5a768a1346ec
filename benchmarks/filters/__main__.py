"""``python -m benchmarks.filters``: bundle the page, open it in Chromium, print the medians of seven runs."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

_VIEWER = Path(__file__).parents[2] / "viewer"
_BUILD = """
import { build } from 'vite';
const [, entry, outDir] = process.argv;
await build({
  configFile: false, logLevel: 'error', worker: { format: 'iife' },
  build: { outDir, lib: { entry, formats: ['iife'], name: 'page', fileName: () => 'page.js' } },
});
"""
_RUNS = 7


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        entry = Path(__file__).parent / "page.ts"
        command = ["node", "--input-type=module", "-e", _BUILD, str(entry), folder]
        subprocess.run(command, cwd=_VIEWER, check=True)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless=new", "--no-sandbox"]
        )
        page = browser.new_page()
        page.add_script_tag(path=Path(folder) / "page.js")
        for n_cells in (1_000_000, 10_000_000):
            for in_worker in (True, False):
                print(f"\n{n_cells:,} cells, {'in a worker' if in_worker else 'in the page'}")
                runs = [
                    dict(page.evaluate(f"run({n_cells}, {str(in_worker).lower()})")) for _ in range(_RUNS)
                ]
                for what in runs[0]:
                    print(f"{statistics.median(run[what] for run in runs):8.1f} ms  {what}")
        browser.close()


if __name__ == "__main__":
    main()
