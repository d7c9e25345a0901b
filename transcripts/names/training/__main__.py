"""``python -m transcripts.names.training SETS``: trains the models of the learned finder, or tells how good they are.

SETS is a folder with the sets and their ``evaluate.py``. Without ``--folds`` the models are trained on everything and
written to ``--models`` (config/names); the same sets always give the same models. With ``--folds N`` nothing is
written: each document is judged by models that have not seen it, and the figures are printed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from transcripts.names.training.folds import report
from transcripts.names.training.train import train
from transcripts.shipped import shipped


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m transcripts.names.training", description=__doc__)
    parser.add_argument("sets", type=Path, help="folder with the sets")
    parser.add_argument("--models", type=Path, default=shipped("names"), help="where the models are written")
    parser.add_argument("--folds", type=int, default=0, help="judge by this many parts instead")
    arguments = parser.parse_args()
    if arguments.folds:
        report(arguments.sets, arguments.folds)
    else:
        train(arguments.sets, arguments.models)


if __name__ == "__main__":
    main()
