"""Conditions of published controls on functions, beyond the rules of the pack."""

from policies.bounds import bounds_of
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.lambda_ import EVENT_INVOKE_CONFIG, FUNCTION
from toolkit.stacks.facts import Facts, GraphFacts


@for_each(FUNCTION)
def _keeps_failures(function: Facts, graph: GraphFacts, _stack: Stack) -> bool:
    configs = graph.using(function, EVENT_INVOKE_CONFIG, by="functionName")
    return function.has("deadLetterConfig.targetArn") or any(
        config.has("destinationConfig.onFailure.destination") for config in configs
    )


def _is_newest(function: Facts, stack: Stack) -> bool:
    runtime = function.text("runtime")
    return function.text("packageType", "Zip") == "Image" or runtime == max(bounds_of(stack).runtimes, key=_minor)


def _minor(runtime: str) -> int:
    return int(runtime.rpartition(".")[2])


lambda_failures_kept = StackRule(
    name="lambda-failures-kept",
    description="Lambda functions have a dead-letter queue or a failure destination",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    controls=controls("CHECKOV: CKV_AWS_116; NAG_SERVERLESS: LambdaDLQ; GUARD: lambda_dlq_check"),
    checks={
        "the function has neither deadLetterConfig nor an onFailure destination; set one to a queue": _keeps_failures
    },
)

lambda_runtime_newest = ResourceRule(
    name="lambda-runtime-newest",
    description="Lambda functions use the newest known Python runtime",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    controls=controls("NAG: L1; NAG_SERVERLESS: LambdaLatestVersion"),
    types=(FUNCTION,),
    checks={"runtime is not the newest in the bounds; raise it": _is_newest},
)

CONDITIONS = (lambda_failures_kept, lambda_runtime_newest)
