"""The steps on GitHub: environment, variables, the first deployment, OIDC trust and a pull request."""

from toolkit.pipeline.doctor.protection import RULESET
from toolkit.pipeline.rehearsal import checks
from toolkit.pipeline.rehearsal.model import By, Command, Step, Who, by
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP

_ENVIRONMENT = "repos/{repository}/environments/{stack}"
_VARIABLES = {
    "AWS_REGION": "{region}",
    "STATE_{STACK}": "{state}",
    "PLAN_ROLE_{STACK}": "{plan_role}",
    "DEPLOY_ROLE_{STACK}": "{deploy_role}",
    "ATTESTATIONS": "{ATTESTATIONS}",
    "CODE_SCANNING": "{CODE_SCANNING}",
}


GITHUB = (
    Step(
        "environment",
        "Create the environment on GitHub",
        "Only the branch that the account trusts may use it.",
        Who.REPOSITORY,
        (
            Command(
                (
                    *("gh", "api", "-X", "PUT", _ENVIRONMENT),
                    *("-F", "deployment_branch_policy[protected_branches]=false"),
                    *("-F", "deployment_branch_policy[custom_branch_policies]=true"),
                )
            ),
            Command(("gh", "api", "-X", "POST", f"{_ENVIRONMENT}/deployment-branch-policies", "-f", "name={branch}")),
        ),
        checks.on_github(checks.ENVIRONMENT),
        "the environment exists",
        settles=checks.ENVIRONMENT,
        # https://docs.github.com/actions/reference/environments
        hint="Where it is not found: a private repository has environments with Pro, Team or Enterprise only.",
        undo=(Command(("gh", "api", "-X", "DELETE", _ENVIRONMENT)),),
        uses_account=False,
    ),
    Step(
        "variables",
        "Set the variables on GitHub",
        "Region, state, roles, and two for features of the repository's plan; none of them is a secret.",
        Who.REPOSITORY,
        tuple(
            Command(("gh", "variable", "set", name, "--repo", "{repository}", "--body", value))
            for name, value in _VARIABLES.items()
        ),
        checks.on_github((*checks.ENVIRONMENT, *checks.VARIABLES)),
        "every check of the doctor on GitHub passes, the rules of the branch aside",
        settles=checks.VARIABLES,
        undo=tuple(Command(("gh", "variable", "delete", name, "--repo", "{repository}")) for name in _VARIABLES),
        uses_account=False,
    ),
    Step(
        "merge",
        "Push the stack's file",
        "Commits the added files and waits for *Deploy*, which the push starts. Stacks without variables fail at once.",
        Who.REPOSITORY,
        (
            by(By.PERSON, "git", "add", "Pulumi.{stack}.yaml", f"{BOOTSTRAP}/Pulumi.{{stack}}.yaml"),
            by(By.PERSON, "git", "commit", "--message", "Set up the stack {stack}"),
            by(By.PERSON, "git", "push", "origin", "HEAD:{branch}"),
        ),
        checks.deploy_ran,
        "the jobs Build once, Attest and those of the stack succeed",
        uses_account=False,
    ),
    Step(
        "trust",
        "Take the deploy role from a workflow",
        "Starts *Roll back* to the version that serves: its token must open the role, and nothing moves.",
        Who.REPOSITORY,
        (
            Command(
                (
                    *("gh", "workflow", "run", "rollback.yml", "--repo", "{repository}", "--ref", "{branch}"),
                    *("-f", "stack={stack}", "-f", "version={function_version}", "-f", "confirm=roll back {stack}"),
                )
            ),
        ),
        checks.rollback_ran,
        "the run succeeds",
        hint="If the role denied the token, GitHub left the environment out of it, which answers an open question.",
    ),
    Step(
        "branch-rules",
        "Protect the branch",
        "Adds the ruleset of the file to the existing ones; undo leaves it.",
        Who.REPOSITORY,
        (Command(("gh", "api", "-X", "POST", "repos/{repository}/rulesets", "--input", RULESET)),),
        checks.on_github(checks.BRANCH_RULES),
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
        Who.REPOSITORY,
        (
            by(By.PERSON, "git", "switch", "--create", "rehearsal"),
            by(By.PERSON, "git", "commit", "--allow-empty", "--message", "Rehearsal"),
            by(By.PERSON, "git", "push", "origin", "rehearsal"),
            by(By.PERSON, "gh", "pr", "create", "--repo", "{repository}", "--head", "rehearsal", "--fill"),
        ),
        checks.pull_request_ran,
        "the run succeeds and leaves one comment, the dossier",
        undo=(Command(("gh", "pr", "close", "rehearsal", "--repo", "{repository}", "--delete-branch")),),
        uses_account=False,
    ),
)
