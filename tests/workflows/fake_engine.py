"""A replacement for the Pulumi CLI: an engine that takes the lock, makes one call, and stops as the real one does.

At the first signal it ends the call under way, writes the state and gives the lock back; at the second it drops both
(pulumi/pulumi, pkg/backend/cancellation_scope.go). FAKE_ENGINE says how it ends: "usual", "killed" where it is killed
in the call, "failed" where the call fails. FAKE_SECONDS is how long the call takes.
"""

import getpass
import json
import os
import signal
import socket
import sys
import time
from datetime import UTC, datetime
from pathlib import Path


def main(words: list[str]) -> int:
    """Do what a command of the CLI does."""
    url = os.environ["PULUMI_BACKEND_URL"]
    backend = Path(url.removeprefix("file://"))
    if words[0] == "whoami":
        return _say({"url": url})
    if words[:2] == ["stack", "ls"]:
        return _say([{"name": name} for name in ("dev", "review-7")])
    if words[:2] == ["stack", "export"]:
        return _say({"deployment": json.loads((backend / "state.json").read_text())})
    return _change(backend, words[words.index("--stack") + 1])


def _change(backend: Path, stack: str) -> int:
    lock = backend / ".pulumi/locks/organization/items-api" / stack / f"{os.getpid()}.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    holder = {"pid": os.getpid(), "username": getpass.getuser(), "hostname": socket.gethostname()}
    lock.write_text(json.dumps({**holder, "timestamp": datetime.now(UTC).isoformat()}))
    state = json.loads((backend / "state.json").read_text())
    _write(backend, {**state, "pending_operations": [{"type": "deleting", "resource": {"urn": "urn:role"}}]})

    def record_signal(number: int, _frame: object) -> None:
        with (backend / "signals").open("a") as file:
            file.write(f"{signal.Signals(number).name}\n")
        if len((backend / "signals").read_text().splitlines()) > 1:
            os._exit(255)  # the call and the lock are left as they are

    signal.signal(signal.SIGINT, record_signal)
    signal.signal(signal.SIGTERM, record_signal)
    print("calling", flush=True)  # noqa: T201 - as the CLI does
    ends, how = time.monotonic() + float(os.environ["FAKE_SECONDS"]), os.environ["FAKE_ENGINE"]
    while time.monotonic() < ends:
        time.sleep(0.01)
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    _write(backend, {"resources": [{"urn": "urn:done", "type": "t"}], "pending_operations": []})
    lock.unlink()
    return 1 if how == "failed" or (backend / "signals").exists() else 0


def _write(backend: Path, state: dict[str, object]) -> None:
    (backend / "state.json").write_text(json.dumps(state))


def _say(answer: object) -> int:
    print(json.dumps(answer))  # noqa: T201 - the CLI's answer
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
