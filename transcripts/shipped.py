"""Where the files of config/ lie: beside the packages in a checkout, inside ``archive`` in an installed wheel."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def shipped(name: str) -> Path:
    """The path of a shipped file or folder. Raises FileNotFoundError."""
    here = Path(__file__).resolve().parent.parent
    spec = find_spec("archive")
    places = [here / "config", *(Path(place) / "config" for place in (spec and spec.submodule_search_locations) or ())]
    for place in places:
        if (place / name).exists():
            return place / name
    raise FileNotFoundError(name)
