"""The questions that only a real account or repository answers, each with its command or probe."""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from toolkit.pipeline.rehearsal.model import Command, Context
from toolkit.stacks.errors import RefusedError

SECONDS = 60
LONGEST_ANSWER = 600
LONGEST_ERROR = 200


@dataclass(frozen=True)
class Question:
    """One question; a probe of the API or a read-only command answers it."""

    name: str
    asks: str
    probe: str = ""
    command: str = ""
    shows: Callable[[str], str] = str
    """Selects the part of the output for the report."""

    def argv(self, facts: Mapping[str, str]) -> list[str]:
        """Return the arguments of the command with the facts filled in; of AWS with the region."""
        line = f"{self.command} {_OF_AWS}" if self.command.startswith("aws ") else self.command
        return Command(line).filled(facts)


def _calls(output: str) -> str:
    """Return time, role and error of each call that CloudTrail recorded; a record has no errorCode where it succeeded.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    """
    lines = []
    for event in map(json.loads, json.loads(output)):
        caller = event.get("userIdentity", {})
        name = caller.get("sessionContext", {}).get("sessionIssuer", {}).get("userName") or caller.get("type", "")
        error = f"{event['errorCode']}: {event.get('errorMessage', '')}" if "errorCode" in event else "no errorCode"
        lines.append(f"{event.get('eventTime', '')} by {name}: {error[:LONGEST_ERROR]}")
    return "; ".join(lines) or "no call was recorded"


QUESTIONS = (
    Question("preflight", "Does a route with the JWT authorizer answer a CORS preflight?", probe="preflight"),
    Question("stage throttle", "Is the stage's throttle one bucket per route?", probe="route beside a throttled one"),
    Question("large body", "Does a body over 10 MB get 413 with API Gateway's document?", probe="body is too large"),
    Question(
        "key tags",
        "Does CreateKey with tags need kms:TagResource on a key that does not exist yet?",
        command="aws cloudtrail lookup-events --max-results 5 --query Events[].CloudTrailEvent "
        "--lookup-attributes AttributeKey=EventName,AttributeValue=CreateKey",
        shows=_calls,
    ),
    Question(
        "key permissions",
        "Do IAM's policies let the deploy role create a key with the stack's tags? (a simulation: no key is created)",
        command="aws iam simulate-principal-policy --policy-source-arn {deploy_role} "
        "--action-names kms:CreateKey kms:TagResource kms:PutKeyPolicy --context-entries "
        "ContextKeyName=aws:RequestTag/project,ContextKeyValues={project},ContextKeyType=string "
        "ContextKeyName=aws:RequestTag/stack,ContextKeyValues={stack},ContextKeyType=string "
        "--query EvaluationResults[].[EvalActionName,EvalDecision]",
    ),
    Question(
        "trail",
        "Does the account's trail start, and reach its bucket and log group?",
        command="aws cloudtrail get-trail-status --name {bootstrap} "
        "--query [IsLogging,LatestDeliveryError,LatestCloudWatchLogsDeliveryError]",
    ),
    Question(
        "quota",
        "How many concurrent executions does the account have?",
        command="aws lambda get-account-settings --query AccountLimit.ConcurrentExecutions",
    ),
    Question(
        "budgets",
        "May the account's administrator read budgets (IAM access to billing)?",
        command="aws budgets describe-budgets --account-id {account} --query Budgets[].CalculatedSpend",
    ),
    Question(
        "SnapStart",
        "Is the version active before its first call? (with function.start-mode: snapstart)",
        command="aws lambda get-function-configuration --function-name {function_name} --qualifier live "
        "--query [State,LastUpdateStatus,SnapStart]",
    ),
    Question(
        "function's event",
        "What does the access log hold of a request?",
        command="aws logs filter-log-events --log-group-name /aws/vendedlogs/{project}/{stack}/access --limit 1 "
        "--query events[].message",
    ),
    Question(
        "OIDC without a deployment",
        "Does a job with `deployment: false` keep the environment in its OIDC token?",
        command="gh run list --repo {repository} --workflow rollback.yml --limit 1 --json conclusion,event",
    ),
)
_OF_AWS = "--region {region} --output json"


def answer_of(question: Question, context: Context) -> str:
    """Return the part of the command's output for the report, or why there is none."""
    try:
        argv = question.argv(context.facts)
    except RefusedError as error:
        return f"not asked: {error}"
    if shutil.which(argv[0]) is None:
        return f"not asked: {argv[0]} is not on PATH"
    try:
        ended = subprocess.run(  # noqa: S603 - an argument list, no shell
            argv,
            cwd=context.root,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"not answered: {type(error).__name__}"
    if ended.returncode != 0:
        return f"failed: {_short(ended.stderr)}"
    try:
        return _short(question.shows(ended.stdout))
    except (ValueError, TypeError, AttributeError):
        return f"not understood: {_short(ended.stdout)}"


def _short(text: str) -> str:
    return " ".join(text.split())[:LONGEST_ANSWER] or "empty"
