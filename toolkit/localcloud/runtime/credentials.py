"""Temporary credentials of a function's own role, from the embedded STS."""

import threading
import time
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime.function import FunctionVersion
from toolkit.localcloud.runtime.invocation import InvokeError

RENEW_BEFORE_EXPIRY_SECONDS = 15 * 60


@dataclass(frozen=True)
class RoleCredentials:
    """Credentials of a role; `expires_at` is in epoch seconds."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expires_at: float

    @property
    def expiring(self) -> bool:
        """Return whether they must be renewed."""
        return time.time() > self.expires_at - RENEW_BEFORE_EXPIRY_SECONDS


class RoleSessions:
    """One session per function and role, renewed before it expires."""

    def __init__(self, connection: AwsConnection) -> None:
        self._connection = connection
        self._sessions: dict[tuple[str, str], RoleCredentials] = {}
        self._lock = threading.Lock()

    def credentials(self, version: FunctionVersion) -> RoleCredentials:
        """Return credentials of the version's role. Blocks on the network; raises InvokeError."""
        key = (version.name, version.role)
        with self._lock:
            session = self._sessions.get(key)
            if session is None or session.expiring:
                session = self._sessions[key] = self._assume(version)
            return session

    def _assume(self, version: FunctionVersion) -> RoleCredentials:
        try:
            answer = self._connection.client("sts").assume_role(RoleArn=version.role, RoleSessionName=version.name)
        except (ClientError, BotoCoreError) as error:
            message = f"The role defined for the function cannot be assumed by Lambda: {version.role}: {error}"
            raise InvokeError(502, "InvalidParameterValueException", message) from error
        credentials = answer["Credentials"]
        return RoleCredentials(
            credentials["AccessKeyId"],
            credentials["SecretAccessKey"],
            credentials["SessionToken"],
            credentials["Expiration"].timestamp(),
        )
