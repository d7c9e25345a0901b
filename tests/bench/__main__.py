"""Runs the benches beside it, each in a process of its own, and prints what they measured as one table.

``python -m tests.bench [NAME ...]``. A bench is a script that prints one JSON object as its last line: ``bench`` its
name, ``unit`` what its figures are in, the rest figures and facts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent


def benches(names: list[str]) -> list[Path]:
    """The scripts to run. Exits with a word on what there is if a name is unknown."""
    found = {path.stem: path for path in sorted(HERE.glob("*.py")) if not path.stem.startswith("_")}
    if unknown := [name for name in names if name not in found]:
        sys.exit(f"no bench {', '.join(unknown)}; there are: {', '.join(found)}")
    return [found[name] for name in names or found]


def measured(script: Path) -> dict[str, Any] | None:
    """What the script printed; None if it failed, and then its errors stand above."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent)}
    done = subprocess.run([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment, check=False)
    lines = done.stdout.decode().strip().splitlines()
    return json.loads(lines[-1]) if done.returncode == 0 and lines else None


def main() -> int:
    failed = 0
    table = Table("bench", "figure", "value", "unit", title=f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    table.columns[2].justify = "right"
    for script in benches(sys.argv[1:]):
        print(f"{script.stem} …", file=sys.stderr, flush=True)
        found = measured(script)
        if found is None:
            failed += 1
            table.add_row(script.stem, "failed", "", "")
            continue
        bench, unit = found.pop("bench", script.stem), found.pop("unit", "")
        for figure, value in found.items():
            table.add_row(bench, figure, f"{value:,}" if isinstance(value, int | float) else str(value), unit)
        table.add_section()
    Console(width=None if sys.stdout.isatty() else 110).print(table)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
