"""Deploy a version with CodeDeploy: a part of the calls first, then all; on an alarm all calls go back."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.engine.process import Report
from toolkit.pipeline.deploy.live_alias import LiveAlias
from toolkit.stacks.errors import RefusedError

RUNNING = frozenset({"Created", "Queued", "InProgress", "Baking", "Ready"})
LONGEST_SECONDS = 30 * 60.0
STOP_SECONDS = 5.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 10.0


@dataclass(frozen=True)
class MovedCallers:
    """The version that callers reach, and the one before; the same where no calls were shifted."""

    before: str
    after: str
    deployment: str | None
    seconds: float


class CanaryDeployment:
    """One stack's deployment group. Every method raises RefusedError where AWS does not answer or allow it."""

    def __init__(self, client: Any, application: str, group: str) -> None:
        self._client = client
        self._where = {"applicationName": application, "deploymentGroupName": group}

    @staticmethod
    def of(client: Any, outputs: Mapping[str, str]) -> "CanaryDeployment | None":
        """Return the deployment group in a stack's outputs; None for a stack that deploys all at once."""
        application, group = outputs.get("delivery_application"), outputs.get("delivery_group")
        return CanaryDeployment(client, application, group) if application and group else None

    def move_callers(
        self, alias: LiveAlias, version: str, report: Report, longest: float = LONGEST_SECONDS
    ) -> MovedCallers:
        """Move callers to `version`, and wait until all are there, at most `longest` seconds.

        Raises RefusedError where the deployment ends otherwise: callers then reach the version of before.
        """
        started, before = time.monotonic(), alias.routing().version
        if before == version:
            return MovedCallers(before, version, None, 0.0)
        revision = _revision(alias, before, version)
        deployment = self._call("create_deployment", **self._where, revision=revision)["deploymentId"]
        try:
            self._wait(deployment, report, started + longest)
        except BaseException:  # also for an interrupt: stop a deployment that no process watches
            self._stop(deployment)
            raise
        return MovedCallers(before, version, deployment, round(time.monotonic() - started, 3))

    def stop_running(self) -> str | None:
        """Stop the running deployment, which rolls back, and return its id; None where none runs."""
        last = self.running()
        if last is None:
            return None
        self._stop(last)
        deadline = time.monotonic() + STOP_SECONDS
        while self._status(last) in RUNNING and time.monotonic() < deadline:
            time.sleep(0.25)
        return last

    def running(self) -> str | None:
        """Return the id of the deployment that runs; None where none does."""
        last = self._group().get("lastAttemptedDeployment", {})
        return str(last["deploymentId"]) if last.get("status") in RUNNING else None

    def predecessor_of(self, version: str) -> str | None:
        """Return the version before the deployment of this one; None if unknown."""
        last = self._group().get("lastSuccessfulDeployment", {}).get("deploymentId")
        if last is None:
            return None
        content = self._deployment(last)["revision"]["appSpecContent"]["content"]
        try:
            ((resource,),) = (each.values() for each in json.loads(content)["Resources"])
            properties = resource["Properties"]
            return str(properties["CurrentVersion"]) if str(properties["TargetVersion"]) == version else None
        except (ValueError, KeyError, TypeError):  # someone's own AppSpec
            return None

    def _wait(self, deployment: str, report: Report, deadline: float) -> None:
        pause, reported = SHORTEST_PAUSE, ""
        while True:
            found = self._deployment(deployment)
            status = found["status"]
            if status != reported:
                report(f"canary deployment {deployment}: {status}")
            if status == "Succeeded":
                return
            if status not in RUNNING:
                why = (found.get("errorInformation") or {}).get("message") or "CodeDeploy gives no reason"
                raise RefusedError(
                    f"The canary deployment {deployment} ended as {status} and the calls go to the previous version "
                    f"again: {why}"
                )
            if time.monotonic() >= deadline:
                raise RefusedError(
                    f"The canary deployment {deployment} is still {status} after its time: it is stopped."
                )
            time.sleep(pause)
            pause, reported = min(2 * pause, LONGEST_PAUSE), status

    def _stop(self, deployment: str) -> None:
        if self._status(deployment) in RUNNING:
            try:
                self._client.stop_deployment(deploymentId=deployment, autoRollbackEnabled=True)
            except self._client.exceptions.DeploymentAlreadyCompletedException:
                return  # it ended before the stop
            except (BotoCoreError, ClientError) as error:
                raise RefusedError(f"The canary deployment {deployment} cannot be stopped: {error}") from None

    def _status(self, deployment: str) -> str:
        return str(self._deployment(deployment)["status"])

    def _deployment(self, deployment: str) -> dict[str, Any]:
        found: dict[str, Any] = self._call("get_deployment", deploymentId=deployment)["deploymentInfo"]
        return found

    def _group(self) -> dict[str, Any]:
        found: dict[str, Any] = self._call("get_deployment_group", **self._where)["deploymentGroupInfo"]
        return found

    def _call(self, call: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client, call)(**arguments)
        except (BotoCoreError, ClientError) as error:
            raise RefusedError(f"CodeDeploy rejected the call for {self._where['applicationName']}: {error}") from None
        return answer


def _revision(alias: LiveAlias, before: str, after: str) -> dict[str, Any]:
    properties = {"Name": alias.function, "Alias": alias.name, "CurrentVersion": before, "TargetVersion": after}
    resources = [{"api": {"Type": "AWS::Lambda::Function", "Properties": properties}}]
    content = json.dumps({"version": 0.0, "Resources": resources})
    digest = hashlib.sha256(content.encode()).hexdigest()
    return {"revisionType": "AppSpecContent", "appSpecContent": {"content": content, "sha256": digest}}
