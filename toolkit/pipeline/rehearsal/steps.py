"""The steps of the first deployment to an account and a repository, as data."""

from toolkit.configuration import ROOT
from toolkit.pipeline.doctor.protection import RULESET
from toolkit.pipeline.rehearsal import checks, differences
from toolkit.pipeline.rehearsal.model import Command, RequiredRole, StartedBy, Step
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP
from toolkit.stacks.declared_secrets import declared_secrets

_ACCOUNT_STATE = "../../build/rehearsal/account.json"
_ENVIRONMENT = "repos/{repository}/environments/{stack}"
_VARIABLES = {
    "AWS_REGION": "{region}",
    "STATE_{STACK}": "{state}",
    "PLAN_ROLE_{STACK}": "{plan_role}",
    "DEPLOY_ROLE_{STACK}": "{deploy_role}",
    "ATTESTATIONS": "{ATTESTATIONS}",
    "CODE_SCANNING": "{CODE_SCANNING}",
}

_AWS = (
    Step(
        "settings",
        "Fill in the settings",
        "The stack's file and its account's file name your account, owner, e-mail addresses and repository.",
        RequiredRole.ANYONE,
        (Command(f"vi Pulumi.{{stack}}.yaml {BOOTSTRAP}/Pulumi.{{stack}}.yaml", StartedBy.PERSON),),
        "no example account, repository or address is left",
        checks.settings_filled_in,
        settles=checks.FILLED_IN,
        uses_account=False,
    ),
    Step(
        "account",
        "Check the account",
        "The credentials are of that account, its quotas suffice and its billing can be read.",
        RequiredRole.ACCOUNT,
        (Command("./stack doctor {stack}", StartedBy.CHECK),),
        "every check passes",
        checks.account_ready,
    ),
    Step(
        "bootstrap",
        "Prepare the account",
        "Creates the state bucket, the key for secrets, GitHub's roles and their boundaries, a trail, a budget.",
        RequiredRole.ACCOUNT,
        (
            Command("pulumi stack select {stack} --create", folder=BOOTSTRAP, local_backend=True),
            Command("pulumi preview --stack {stack}", folder=BOOTSTRAP, local_backend=True),
            Command("pulumi up --stack {stack}", folder=BOOTSTRAP, local_backend=True, asks=True),
        ),
        "every resource of infrastructure/bootstrap is created",
        costs="account",
        settles=checks.PREPARED,
        undo=(
            Command("pulumi stack export --stack {stack} --file account.json", StartedBy.PERSON, BOOTSTRAP),
            Command(
                "pulumi stack import --file account.json --stack {stack}",
                StartedBy.PERSON,
                BOOTSTRAP,
                local_backend=True,
            ),
            Command("pulumi state unprotect --all --stack {stack}", StartedBy.PERSON, BOOTSTRAP, local_backend=True),
            Command("pulumi destroy --stack {stack}", StartedBy.PERSON, BOOTSTRAP, local_backend=True),
        ),
        undo_note="Before `pulumi destroy` empty the buckets {bootstrap}-state-, -logs- and -trail-{account}, as "
        "Destroy in docs/operations.md does. With them go the states of every stack of the account.",
        record=lambda context: differences.resource_differences(context, BOOTSTRAP),
    ),
    Step(
        "state",
        "Move the account's state into its bucket",
        "The state moves from this machine into the account's bucket.",
        RequiredRole.ACCOUNT,
        (
            Command(
                f"pulumi stack export --file {_ACCOUNT_STATE} --stack {{stack}}", folder=BOOTSTRAP, local_backend=True
            ),
            Command("pulumi login {state}"),
            Command("pulumi stack select {stack} --create", folder=BOOTSTRAP),
            Command(f"pulumi stack import --file {_ACCOUNT_STATE} --stack {{stack}}", folder=BOOTSTRAP),
            Command(f"rm {_ACCOUNT_STATE}", folder=BOOTSTRAP),
        ),
        "`pulumi stack ls` lists the account's stack in the bucket",
        checks.state_in_bucket,
        settles=checks.STATE,
    ),
    Step(
        "stack",
        "Create the stack",
        "Creates the stack's state in that bucket, and its secrets, encrypted with the account's key.",
        RequiredRole.ACCOUNT,
        (
            Command("pulumi stack select {stack} --create --secrets-provider {secrets_provider}{stack}"),
            *(
                Command(f"pulumi config set --secret {name} --stack {{stack}}", random_secret=True)
                for name in declared_secrets(ROOT)
            ),
        ),
        "Pulumi.<stack>.yaml holds secretsprovider, encryptedkey and the encrypted key",
        settles=checks.STACK,
        undo=(Command("pulumi stack rm {stack} --yes --preserve-config"),),
    ),
    Step(
        "package",
        "Build the package",
        "Builds the function's zip on this machine.",
        RequiredRole.ANYONE,
        (Command("./stack package {stack}"),),
        "the same inputs give the same bytes",
        settles=checks.PACKAGE,
        uses_account=False,
    ),
    Step(
        "preview",
        "Preview the stack",
        "Shows every resource and evaluates the policies; it changes nothing.",
        RequiredRole.ACCOUNT,
        (Command("pulumi preview --stack {stack}"),),
        "every resource of the program is to create, and no mandatory policy is violated",
        checks.preview_results,
        record=differences.preview_differences,
    ),
    Step(
        "up",
        "Deploy",
        "Creates every resource of the stack. AWS sends one e-mail: confirm the address of the alarms.",
        RequiredRole.ACCOUNT,
        (Command("pulumi up --stack {stack}"),),
        "every resource is created, with the outputs that the baseline lists",
        checks.update_results,
        costs="stack",
        undo=(Command("pulumi destroy --stack {stack}"),),
        undo_note="A bucket that holds objects is not deleted: Destroy in docs/operations.md empties it.",
        record=differences.resource_differences,
    ),
    Step(
        "smoke",
        "Run the smoke test",
        "Health, headers, authorization, sign-in, and the checks of the service.",
        RequiredRole.ANYONE,
        (Command("./stack smoke {stack}", StartedBy.CHECK),),
        "every check passes",
        checks.smoke_results,
    ),
    Step(
        "probes",
        "Send the probes of the baseline",
        "Rejected calls, CORS, the service's own calls, and 240 calls at once, which may raise an alarm.",
        RequiredRole.ANYONE,
        (),
        "the status, headers and body of each answer are those of the baseline",
        record=differences.answer_differences,
    ),
    Step(
        "drift",
        "Check for drift directly after the update",
        "A preview and a refresh that write nothing.",
        RequiredRole.ACCOUNT,
        (Command("pulumi preview --stack {stack}"), Command("pulumi refresh --preview-only --stack {stack}")),
        "no change and no drift",
        checks.no_change_results,
        record=differences.update_differences,
    ),
    Step(
        "rollback",
        "Roll back to the version that serves",
        "Checks the alias, the credentials and the answer; callers keep their version.",
        RequiredRole.ACCOUNT,
        (Command("./stack rollback {stack} --to {function_version}", StartedBy.CHECK),),
        "the version answers, nothing moves",
        checks.rollback_results,
    ),
)
_GITHUB = (
    Step(
        "environment",
        "Create the environment on GitHub",
        "Only the branch that the account trusts may use it.",
        RequiredRole.REPOSITORY,
        (
            Command(
                f"gh api -X PUT {_ENVIRONMENT} -F 'deployment_branch_policy[protected_branches]=false' "
                "-F 'deployment_branch_policy[custom_branch_policies]=true'"
            ),
            Command(f"gh api -X POST {_ENVIRONMENT}/deployment-branch-policies -f name={{branch}}"),
        ),
        "the environment exists",
        settles=checks.ENVIRONMENT,
        # https://docs.github.com/actions/reference/environments
        hint="Where it is not found: a private repository has environments with Pro, Team or Enterprise only.",
        undo=(Command(f"gh api -X DELETE {_ENVIRONMENT}"),),
        uses_account=False,
    ),
    Step(
        "variables",
        "Set the variables on GitHub",
        "Region, state, roles, and two for features of the repository's plan; none of them is a secret.",
        RequiredRole.REPOSITORY,
        tuple(
            Command(f"gh variable set {name} --repo {{repository}} --body {value}")
            for name, value in _VARIABLES.items()
        ),
        "every check of the doctor on GitHub passes, the rules of the branch aside",
        lambda context: checks.doctor_results(context, (*checks.ENVIRONMENT, *checks.VARIABLES)),
        settles=checks.VARIABLES,
        undo=tuple(Command(f"gh variable delete {name} --repo {{repository}}") for name in _VARIABLES),
        uses_account=False,
    ),
    Step(
        "merge",
        "Push the stack's file",
        "Commits the added files and waits for *Deploy*, which the push starts. Stacks without variables fail at once.",
        RequiredRole.REPOSITORY,
        (
            Command(f"git add Pulumi.{{stack}}.yaml {BOOTSTRAP}/Pulumi.{{stack}}.yaml", StartedBy.PERSON),
            Command("git commit --message 'Set up the stack {stack}'", StartedBy.PERSON),
            Command("git push origin HEAD:{branch}", StartedBy.PERSON),
        ),
        "the jobs Build once, Attest and those of the stack succeed",
        checks.deploy_workflow,
        uses_account=False,
    ),
    Step(
        "trust",
        "Take the deploy role from a workflow",
        "Starts *Roll back* to the version that serves: its token must open the role, and nothing moves.",
        RequiredRole.REPOSITORY,
        (
            Command(
                "gh workflow run rollback.yml --repo {repository} --ref {branch} -f stack={stack} "
                "-f version={function_version} -f 'confirm=roll back {stack}'"
            ),
        ),
        "the run succeeds",
        checks.rollback_workflow,
        hint="If the role denied the token, GitHub left the environment out of it, which answers an open question.",
    ),
    Step(
        "branch-rules",
        "Protect the branch",
        "Adds the ruleset of the file to the existing ones; undo leaves it.",
        RequiredRole.REPOSITORY,
        (Command(f"gh api -X POST repos/{{repository}}/rulesets --input {RULESET}"),),
        "the rules of the branch are those of the file, without bypass",
        settles=checks.BRANCH_RULES,
        # https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets
        hint="Where it is forbidden: a private repository has rulesets with Pro, Team or Enterprise only.",
        uses_account=False,
    ),
    Step(
        "pull-request",
        "Open a pull request",
        "An empty commit on the branch `rehearsal`: its checks and its dossier, against the rules of the branch.",
        RequiredRole.REPOSITORY,
        (
            Command("git switch --create rehearsal", StartedBy.PERSON),
            Command("git commit --allow-empty --message Rehearsal", StartedBy.PERSON),
            Command("git push origin rehearsal", StartedBy.PERSON),
            Command("gh pr create --repo {repository} --head rehearsal --fill", StartedBy.PERSON),
        ),
        "the run succeeds and leaves one comment, the dossier",
        checks.pull_request_workflow,
        undo=(Command("gh pr close rehearsal --repo {repository} --delete-branch"),),
        uses_account=False,
    ),
)
_LAST = Step(
    "questions",
    "Answer the open questions",
    "Runs read-only commands and keeps their answers for the report.",
    RequiredRole.ACCOUNT,
    (),
    "no answer: these are the questions that the embedded AWS cannot settle",
    record=differences.record_answers,
)
STEPS = (*_AWS, *_GITHUB, _LAST)
NAMES = tuple(step.name for step in STEPS)
