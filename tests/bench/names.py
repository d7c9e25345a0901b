"""Finding names in an invented interview: start, words a CPU second, memory; on one core. One JSON line.

python tests/bench/names.py [WORDS]
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time

_ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 15_000
    texts = _in_process("texts", str(wanted), "")
    found: dict[str, object] = {"bench": "names", "unit": "CPU s unless said", "words": wanted}
    for kind, turns in json.loads(texts).items():
        figures = json.loads(_in_process("measure", "", json.dumps(turns)))
        found |= {f"{kind}, {figure}": value for figure, value in figures.items()}
    print(json.dumps(found))


def _in_process(part: str, argument: str, given: str) -> str:
    command = [sys.executable, __file__, part, argument]
    return subprocess.run(
        command, input=given, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **_ONE_CORE}
    ).stdout


def _texts(wanted: int) -> dict[str, list[str]]:
    """The same turns as they are written and as a recognizer without capitals would write them."""
    from transcripts.names.training.samples import spoken
    from transcripts.names.training.talk import invented

    told = invented("ru", wanted // 62 + 1, 1)
    return {"written": [sample.text for sample in told], "spoken": [spoken(sample).text for sample in told]}


def _measured(turns: list[str]) -> dict[str, object]:
    from transcripts.names import Detector, Passage, PublicFigures
    from transcripts.shipped import shipped

    detector = Detector(PublicFigures.load(shipped("public_figures.toml")))
    detector.find([Passage("Пришла Зоя.", "ru")])
    started = time.process_time()
    detector.find([Passage(turn, "ru") for turn in turns])
    return {
        "start": round(started, 2),
        "words a s": round(sum(len(turn.split()) for turn in turns) / (time.process_time() - started)),
        "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["texts", wanted]:
            print(json.dumps(_texts(int(wanted))))
        case ["measure", _]:
            print(json.dumps(_measured(json.load(sys.stdin))))
        case _:
            main()
