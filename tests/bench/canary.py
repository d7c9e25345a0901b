"""How fast the disk scanner reads: one JSON line, MB (10^6 bytes) a second. ``python -m tests.bench canary``."""

from __future__ import annotations

import json
import random
import time

from tests.canary import Canary


def main() -> None:
    canary = Canary("Каноничевский")
    noise = random.Random(1)
    text = "".join(noise.choices("абвгдеж \n", k=8_000_000)).encode()
    figures: dict[str, float] = {"patterns": len(canary.patterns), "shapes": len(canary.kinds)}
    for name, data in {"random": noise.randbytes(32_000_000), "zeros": bytes(32_000_000), "russian": text}.items():
        start = time.process_time()
        canary.in_bytes(data)
        figures[name] = round(len(data) / 1e6 / (time.process_time() - start), 1)
    print(json.dumps({"bench": "canary", "unit": "MB/s of one core", **figures}))


if __name__ == "__main__":
    main()
