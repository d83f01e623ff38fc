"""How the workbench answers many clients at once: each sends its next notice when it has its last answer.

    python benchmarks/load.py [--clients 50] [--seconds 60] [--explain]

Starts `tagger serve` on a free port with an empty workspace, sends it the sample notice and the cases
of the report in turn, and prints counts and latencies (client's clock) and the server's own time (its
Server-Timing header). Clients and server share the machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field

from tagger import shipped

_ENTRY = "from tagger.cli import main; main()"


@dataclass
class Measured:
    """Latencies and server times in milliseconds, and how often each status came."""

    latency: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    status: Counter[str] = field(default_factory=Counter)

    def report(self, seconds: float) -> str:
        """The figures in a line."""
        fine = self.status["200"]
        failed = {status: n for status, n in self.status.items() if status != "200"}
        return (
            f"{fine} answers in {seconds:.0f} s ({fine / seconds:.0f}/s), failed: {failed or 0}; "
            f"latency median {statistics.median(self.latency):.0f} ms, "
            f"p99 {_share(self.latency, 0.99):.0f} ms, "
            f"most {max(self.latency):.0f} ms; server time median {statistics.median(self.server):.1f} ms, "
            f"p99 {_share(self.server, 0.99):.1f} ms"
        )


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def bodies(explain: bool) -> list[bytes]:
    """The requests: the sample notice and the report's cases."""
    texts = [(shipped.DATA / "sample-notice.txt").read_text(encoding="utf-8")]
    with (shipped.DATA / "cases.jsonl").open(encoding="utf-8") as lines:
        texts += [f"{case['title']}\n{case['facts']}" for case in map(json.loads, lines)]
    return [json.dumps({"text": text, "explain": explain}).encode() for text in texts]


async def _client(port: int, requests: list[bytes], first: int, until: float, measured: Measured) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for body in itertools.islice(itertools.cycle(requests), first, None):
        began = time.perf_counter()
        if began >= until:
            break
        writer.write(
            b"POST /v1/tag HTTP/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-type: application/json\r\n"
            b"content-length: %d\r\n\r\n%b" % (port, len(body), body)
        )
        try:
            head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)).decode()
            await reader.readexactly(int(_header(head, "content-length")))
        except (OSError, EOFError, TimeoutError) as error:
            measured.status[type(error).__name__] += 1
            return
        measured.latency.append(1000 * (time.perf_counter() - began))
        measured.server.append(float(_header(head, "server-timing").rpartition("=")[2]))
        measured.status[head.split(" ", 2)[1]] += 1
    writer.close()
    await writer.wait_closed()


def _header(head: str, name: str) -> str:
    found = re.search(rf"^{name}: (.*)\r$", head, re.MULTILINE)
    assert found is not None, head
    return found[1]


async def load(port: int, clients: int, seconds: float, explain: bool) -> Measured:
    """What so many clients measure in so many seconds."""
    requests, measured = bodies(explain), Measured()
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_client(port, requests, n, until, measured) for n in range(clients)))
    return measured


def main() -> None:
    """Starts the server, loads it, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--explain", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        server = subprocess.Popen(
            [sys.executable, "-c", _ENTRY, "serve", "--port", "0"],
            env=os.environ | {"TAGGER_HOME": home},
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stderr is not None
            address = re.search(r"http://\S+:(\d+)/", server.stderr.readline())
            if address is None:
                sys.exit("the server did not start")
            answered = 0
            for clients, seconds in ((1, min(5.0, given.seconds)), (given.clients, given.seconds)):
                measured = asyncio.run(load(int(address[1]), clients, seconds, given.explain))
                answered += measured.status["200"]
                print(f"{clients} at once:", measured.report(seconds))
        finally:
            server.terminate()
            server.wait(10)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(
            f"the server used {1000 * (used.ru_utime + used.ru_stime) / answered:.1f} ms of a core an answer"
        )
        print("load average of the machine:", ", ".join(f"{value:.1f}" for value in os.getloadavg()))


if __name__ == "__main__":
    main()
