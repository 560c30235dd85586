"""Saves the account after each change and before its response, so that no acknowledged change is lost."""

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from toolkit.localcloud.aws.account_file import load_or_recover, save_account

READS = ("BatchGet", "Describe", "Get", "List", "Query", "ReceiveMessage", "Scan", "TransactGet")
"""How the operations begin that change nothing. ReceiveMessage waits for messages, and must not hold the lock."""
log = logging.getLogger("embedded-aws")


class AccountKeeper:
    """The file of an account. It is saved after each change from `keep` until `hold`."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._saving = False
        self._failed = False
        self._changing = threading.RLock()
        self._counting = threading.Lock()
        self._changes = 0
        self._saved = 0
        self.account_state, self.deployment = ("new", b"") if path is None else load_or_recover(path)

    @property
    def changing(self) -> threading.RLock:
        """The lock that a change holds: a save sees no change half done."""
        return self._changing

    @property
    def saves_changes(self) -> bool:
        """Return whether each change is saved now."""
        return self._saving

    def keep(self) -> bool:
        """Save now, and after each change from now on. Return whether the file was written."""
        self._saving = True
        return self._save()

    def hold(self) -> None:
        """Leave the file as it is until `keep`: a deployment that is cut off continues from there."""
        with self._changing:
            self._saving = False

    def end(self) -> None:
        """Save once more, unless a deployment is under way."""
        if self._saving:
            self._save()

    def changed(self) -> None:
        """Save a change before it is answered. Changes that wait for the same save share it."""
        if not self._saving:
            return
        with self._counting:
            self._changes += 1
            number = self._changes
        with self._changing:
            if self._saved < number and self._saving:
                self._save()

    def _save(self) -> bool:
        with self._changing:
            number = self._changes
            try:
                if self._path is not None:
                    save_account(self._path, self.deployment)
            except OSError:
                if not self._failed:
                    log.exception("The account cannot be written: the file has what was saved before")
                self._failed = True
                return False
            self._failed = False
            self._saved = number
            return True


def is_change(environ: Mapping[str, Any], body: bytes) -> bool:
    """Return whether a request may change the account. Invoking a function changes nothing itself."""
    if environ["REQUEST_METHOD"] in {"GET", "HEAD", "OPTIONS"} or environ.get("PATH_INFO", "").endswith("/invocations"):
        return False
    operation = str(environ.get("HTTP_X_AMZ_TARGET", "")).rpartition(".")[2]
    if not operation and str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded"):
        try:
            operation = parse_qs(body.decode(errors="replace")).get("Action", [""])[0]
        except ValueError:
            operation = ""
    return not operation.startswith(READS)
