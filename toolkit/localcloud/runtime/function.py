"""Functions of the embedded Lambda: references, versions, aliases and their weights."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime.invocation import InvokeError
from toolkit.policy.iam.evaluation import PolicyResult, evaluate_resource_policy
from toolkit.policy.iam.principals import Principal

NO_POLICY = '{"Statement": []}'
_REFERENCE = re.compile(
    r"(?:arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:)?(?P<name>[\w-]{1,64})(?::(?P<qualifier>\$LATEST|[\w-]{1,128}))?"
)


@dataclass(frozen=True, kw_only=True)
class FunctionVersion:
    """One version of a function, with all that a worker needs."""

    name: str
    version: str
    arn: str
    role: str
    handler: str
    runtime: str
    memory_mb: int
    timeout_seconds: int
    code_sha256: str
    variables: tuple[tuple[str, str], ...] = field(repr=False)
    log_group: str
    json_logs: bool
    log_level: str | None
    dead_letter_target: str | None
    """The queue or topic of DeadLetterConfig, for events of asynchronous invocations that fail."""

    @classmethod
    def from_configuration(cls, configuration: Mapping[str, Any]) -> "FunctionVersion":
        """Read the response of Lambda's GetFunctionConfiguration."""
        name = configuration["FunctionName"]
        logging = configuration.get("LoggingConfig") or {}
        return cls(
            name=name,
            version=configuration["Version"],
            arn=configuration["FunctionArn"],
            role=configuration["Role"],
            handler=configuration["Handler"],
            runtime=configuration.get("Runtime", "python"),
            memory_mb=int(configuration.get("MemorySize") or 128),
            timeout_seconds=int(configuration.get("Timeout") or 3),
            code_sha256=configuration["CodeSha256"],
            variables=tuple(sorted(((configuration.get("Environment") or {}).get("Variables") or {}).items())),
            log_group=logging.get("LogGroup") or f"/aws/lambda/{name}",
            json_logs=logging.get("LogFormat") == "JSON",
            log_level=logging.get("ApplicationLogLevel"),
            dead_letter_target=(configuration.get("DeadLetterConfig") or {}).get("TargetArn"),
        )


@dataclass(frozen=True)
class FunctionReference:
    """A function by name and qualifier, read from an ARN, `name` or `name:qualifier`."""

    name: str
    qualifier: str

    @classmethod
    def parse(cls, text: str) -> "FunctionReference":
        """Parse a reference. Raises InvokeError (400) for an invalid one."""
        match = _REFERENCE.fullmatch(text)
        if match is None:
            raise InvokeError(
                400, "InvalidParameterValueException", f"{text!r} is neither a function name nor a function ARN."
            )
        return cls(match["name"], match["qualifier"] or "$LATEST")


@dataclass(frozen=True)
class AsynchronousSettings:
    """How Lambda treats the events of asynchronous invocations: the values of EventInvokeConfig, or its defaults.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
    """

    retries: int = 2
    max_age_seconds: int = 21_600
    on_success: str | None = None
    on_failure: str | None = None

    @classmethod
    def from_configuration(cls, configuration: Mapping[str, Any]) -> "AsynchronousSettings":
        """Read the response of Lambda's GetFunctionEventInvokeConfig."""
        destinations = configuration.get("DestinationConfig") or {}
        return cls(
            retries=int(configuration.get("MaximumRetryAttempts", cls.retries)),
            max_age_seconds=int(configuration.get("MaximumEventAgeInSeconds", cls.max_age_seconds)),
            on_success=(destinations.get("OnSuccess") or {}).get("Destination"),
            on_failure=(destinations.get("OnFailure") or {}).get("Destination"),
        )


@dataclass(frozen=True)
class DeployedFunction:
    """The current target of a qualifier: versions with shares of traffic, reserved concurrency and resource policy."""

    versions: tuple[tuple[FunctionVersion, float], ...]
    reserved_concurrency: int | None
    policy: str
    """The resource policy, as JSON."""

    def pick(self) -> FunctionVersion:
        """Return one of the versions, at random by weight."""
        versions = [version for version, _ in self.versions]
        weights = [weight for _, weight in self.versions]
        return random.choices(versions, weights)[0]  # noqa: S311 - shares of traffic, not a secret


def may_invoke(policy: str, service: str, function_arn: str, source_arn: str) -> bool:
    """Return whether a function's resource policy lets a service invoke it for a resource, such as an API's route.

    https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html: each version and alias has its own
    statements.
    """
    account_id = source_arn.split(":")[4] or function_arn.split(":")[4]  # the ARN of a bucket has none
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": account_id}
    invoked = function_arn.removesuffix(":$LATEST")
    result, _ = evaluate_resource_policy(policy, Principal(service=service), "lambda:InvokeFunction", invoked, context)
    return result is PolicyResult.ALLOWED


class FunctionCatalog:
    """Reads deployments from the embedded Lambda; published versions never change and are read once."""

    def __init__(self, connection: AwsConnection) -> None:
        self._connection = connection
        self._published: dict[tuple[str, str, str], FunctionVersion] = {}

    def deployment(self, reference: FunctionReference) -> DeployedFunction:
        """Return the target of a reference. Blocks on the network; raises InvokeError."""
        try:
            return self._read(reference)
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
            details = error.response.get("Error", {})
            raise InvokeError(
                status, details.get("Code", "ServiceException"), details.get("Message", str(error))
            ) from error
        except BotoCoreError as error:
            raise InvokeError(502, "ServiceException", f"The embedded Lambda did not respond: {error}") from error

    def asynchronous_settings(self, reference: FunctionReference) -> AsynchronousSettings:
        """Return how Lambda treats the events of the function's asynchronous invocations. Blocks on the network."""
        client = self._connection.client("lambda")
        try:
            configuration = client.get_function_event_invoke_config(
                FunctionName=reference.name, Qualifier=reference.qualifier
            )
        except (ClientError, BotoCoreError):  # it has none
            return AsynchronousSettings()
        return AsynchronousSettings.from_configuration(configuration)

    def _read(self, reference: FunctionReference) -> DeployedFunction:
        client = self._connection.client("lambda")
        weights = {reference.qualifier: 1.0}
        alias_revision = ""
        if reference.qualifier != "$LATEST" and not reference.qualifier.isdecimal():
            alias = client.get_alias(FunctionName=reference.name, Name=reference.qualifier)
            shifted = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
            weights = {alias["FunctionVersion"]: 1.0 - sum(shifted.values()), **shifted}
            alias_revision = alias.get("RevisionId", "")
        policy = self._policy(reference)
        reserved = client.get_function_concurrency(FunctionName=reference.name).get("ReservedConcurrentExecutions")
        versions = tuple(
            (self._version(reference.name, version, alias_revision), weight)
            for version, weight in weights.items()
            if weight > 0
        )
        return DeployedFunction(versions, None if reserved is None else int(reserved), policy)

    def _policy(self, reference: FunctionReference) -> str:
        qualified = {} if reference.qualifier == "$LATEST" else {"Qualifier": reference.qualifier}
        client = self._connection.client("lambda")
        try:
            return str(client.get_policy(FunctionName=reference.name, **qualified)["Policy"])
        except client.exceptions.ResourceNotFoundException:
            return NO_POLICY

    def _version(self, name: str, version: str, alias_revision: str) -> FunctionVersion:
        key = (name, version, alias_revision)
        if key not in self._published or version == "$LATEST":
            client = self._connection.client("lambda")
            configuration = client.get_function_configuration(FunctionName=name, Qualifier=version)
            self._published[key] = FunctionVersion.from_configuration({**configuration, "Version": version})
        return self._published[key]
