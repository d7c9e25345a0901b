"""A sender in a process of its own, to be killed: tuspy, which nobody here wrote.

``python -m tests.tus_child ADDRESS COOKIE TOKEN FILE URL PAUSE``: sends what is missing of the file to the upload, in
pieces, and prints each offset that the server has acknowledged. Ends with 0 when all is sent.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tusclient.client import TusClient

PIECE = 192 * 1024


def main() -> None:
    address, cookie, token, file, url, pause = sys.argv[1:]
    client = TusClient(f"{address}/uploads", headers={"Cookie": cookie, "X-CSRFToken": token})
    sender = client.uploader(file, url=url, chunk_size=PIECE if float(pause) else 8 << 20, upload_checksum=True)
    size = Path(file).stat().st_size
    while sender.offset < size:
        sender.upload_chunk()
        print(sender.offset, flush=True)
        time.sleep(float(pause))


if __name__ == "__main__":
    main()
