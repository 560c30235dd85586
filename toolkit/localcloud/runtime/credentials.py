"""Temporary credentials of roles that AWS's services assume, from the embedded STS."""

import threading
import time
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.connection import AwsConnection
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
    """One session per role and session name, renewed before it expires."""

    def __init__(self, connection: AwsConnection) -> None:
        self._connection = connection
        self._sessions: dict[tuple[str, str], RoleSession] = {}
        self._lock = threading.Lock()

    def session(self, role: str, name: str) -> RoleSession:
        """Return a session of a role (ARN), named after who assumes it. Blocks on the network; raises InvokeError."""
        key = (role, name)
        with self._lock:
            session = self._sessions.get(key)
            if session is None or session.expiring:
                session = self._sessions[key] = self._assume(role, name)
            return session

    def _assume(self, role: str, name: str) -> RoleSession:
        try:
            response = self._connection.client("sts").assume_role(RoleArn=role, RoleSessionName=name)
        except (ClientError, BotoCoreError) as error:
            message = f"The role cannot be assumed: {role}: {error}"
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
