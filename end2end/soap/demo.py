"""The program under test: its own process, a fresh folder, free ports; ended by its id."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

# The browser tests begin at 4100.
PORT_FIRST = 4600
# A debug build fills its demo in a second; a busy machine needs more.
START_S_MAX = 30


@contextlib.contextmanager
def demo():
    """Yields demo.json of a running demo."""
    binary = os.environ.get("SPORTELLO_BIN") or os.path.expanduser("~/.cache/sportello/native/debug/sportello")
    with tempfile.TemporaryDirectory(prefix="sportello-soap-") as folder:
        data = pathlib.Path(folder, "data")
        with open(pathlib.Path(folder, "log"), "w+", encoding="utf-8") as log:
            arguments = [binary, "demo", "--data", str(data), "--port-base", str(free_ports())]
            process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                yield wait_for(process, data / "demo.json", log)
            finally:
                process.terminate()
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    process.kill()


def wait_for(process, path, log):
    deadline = time.monotonic() + START_S_MAX
    while time.monotonic() < deadline and process.poll() is None:
        if path.exists():
            described = json.loads(path.read_text(encoding="utf-8"))
            with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(described["web"]):
                return described
        time.sleep(0.05)
    log.seek(0)
    raise SystemExit(f"the demo did not start:\n{log.read()}")


def free_ports():
    """The first of four free ports in a row."""
    return next(base for base in range(PORT_FIRST, 65_000, 4) if all(is_free(base + offset) for offset in range(4)))


def is_free(port):
    with socket.socket() as listener:
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
