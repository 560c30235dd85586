"""Temporary credentials of a function's own role, from the embedded STS."""

import threading
import time
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime.function import FunctionVersion
from toolkit.localcloud.runtime.invocation import InvokeError

RENEW_BEFORE_EXPIRY_SECONDS = 15 * 60


@dataclass(frozen=True)
class RoleSession:
    """A role's connection to the embedded AWS; `expires_at` is in epoch seconds."""

    connection: AwsConnection
    expires_at: float

    @property
    def expiring(self) -> bool:
        """Return whether the session must be renewed."""
        return time.time() > self.expires_at - RENEW_BEFORE_EXPIRY_SECONDS


class RoleSessions:
    """One session per function and role, renewed before it expires."""

    def __init__(self, connection: AwsConnection) -> None:
        self._connection = connection
        self._sessions: dict[tuple[str, str], RoleSession] = {}
        self._lock = threading.Lock()

    def session(self, version: FunctionVersion) -> RoleSession:
        """Return a session of the version's role. Blocks on the network; raises InvokeError."""
        key = (version.name, version.role)
        with self._lock:
            session = self._sessions.get(key)
            if session is None or session.expiring:
                session = self._sessions[key] = self._assume(version)
            return session

    def _assume(self, version: FunctionVersion) -> RoleSession:
        try:
            response = self._connection.client("sts").assume_role(RoleArn=version.role, RoleSessionName=version.name)
        except (ClientError, BotoCoreError) as error:
            message = f"The role defined for the function cannot be assumed by Lambda: {version.role}: {error}"
            raise InvokeError(502, "InvalidParameterValueException", message) from error
        credentials = response["Credentials"]
        connection = AwsConnection(
            self._connection.endpoint_url,
            self._connection.region,
            credentials["AccessKeyId"],
            credentials["SecretAccessKey"],
            credentials["SessionToken"],
        )
        return RoleSession(connection, credentials["Expiration"].timestamp())
