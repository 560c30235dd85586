"""The steps of the first deployment to an account and a repository, as data."""

from toolkit.configuration import configuration
from toolkit.pipeline.rehearsal import checks, differences
from toolkit.pipeline.rehearsal.github_steps import GITHUB
from toolkit.pipeline.rehearsal.model import By, Command, Step, Who, by
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP

_ACCOUNT_STATE = "../../build/rehearsal/account.json"


def _pulumi(*arguments: str, **settings: bool | str) -> Command:
    return Command(("pulumi", *arguments, "--stack", "{stack}"), **settings)  # type: ignore[arg-type] # Command's own


def _in_account(*arguments: str, **settings: bool) -> Command:
    return _pulumi(*arguments, folder=BOOTSTRAP, **settings)


def _selected(stack_of: str = ".", *options: str, local: bool = False) -> Command:
    return Command(("pulumi", "stack", "select", "{stack}", "--create", *options), folder=stack_of, local_backend=local)


_AWS = (
    Step(
        "settings",
        "Fill in the settings",
        "The stack's file and its account's file name your account, owner, e-mail addresses and repository.",
        Who.ANYONE,
        (by(By.PERSON, "vi", "Pulumi.{stack}.yaml", f"{BOOTSTRAP}/Pulumi.{{stack}}.yaml"),),
        checks.settings_filled_in,
        "no example account, repository or address is left",
        settles=checks.FILLED_IN,
        uses_account=False,
    ),
    Step(
        "account",
        "Check the account",
        "The credentials are of that account, its quotas suffice and its billing can be read.",
        Who.ACCOUNT,
        (by(By.CHECK, "./stack", "doctor", "{stack}"),),
        checks.account_ready,
        "every check passes",
    ),
    Step(
        "bootstrap",
        "Prepare the account",
        "Creates the state bucket, the key for secrets, GitHub's roles and their boundaries, a trail, a budget.",
        Who.ACCOUNT,
        (
            _selected(BOOTSTRAP, local=True),
            _in_account("preview", local_backend=True),
            _in_account("up", local_backend=True, asks=True),
        ),
        checks.settling(checks.PREPARED),
        "every resource of infrastructure/bootstrap is created",
        costs="account",
        settles=checks.PREPARED,
        undo=(
            Command(
                ("pulumi", "stack", "export", "--stack", "{stack}", "--file", "account.json"), By.PERSON, BOOTSTRAP
            ),
            *(
                Command(("pulumi", *words, "--stack", "{stack}"), By.PERSON, BOOTSTRAP, local_backend=True)
                for words in (
                    ("stack", "import", "--file", "account.json"),
                    ("state", "unprotect", "--all"),
                    ("destroy",),
                )
            ),
        ),
        undo_note="Before `pulumi destroy` empty the buckets {bootstrap}-state-, -logs- and -trail-{account}, as "
        "Destroy in docs/operations.md does. With them go the states of every stack of the account.",
        record=differences.account_differs,
    ),
    Step(
        "state",
        "Move the account's state into its bucket",
        "The state moves from this machine into the account's bucket.",
        Who.ACCOUNT,
        (
            _in_account("stack", "export", "--file", _ACCOUNT_STATE, local_backend=True),
            Command(("pulumi", "login", "{state}")),
            _selected(BOOTSTRAP),
            _in_account("stack", "import", "--file", _ACCOUNT_STATE),
            Command(("rm", _ACCOUNT_STATE), folder=BOOTSTRAP),
        ),
        checks.state_moved,
        "`pulumi stack ls` lists the account's stack in the bucket",
        settles=checks.STATE,
    ),
    Step(
        "stack",
        "Create the stack",
        "Creates the stack's state in that bucket, and its secrets, encrypted with the account's key.",
        Who.ACCOUNT,
        (
            _selected(".", "--secrets-provider", "{secrets_provider}{stack}"),
            *(_pulumi("config", "set", "--secret", name, random_secret=True) for name in configuration().secret_keys),
        ),
        checks.settling(checks.STACK),
        "Pulumi.<stack>.yaml holds secretsprovider, encryptedkey and the encrypted key",
        settles=checks.STACK,
        undo=(Command(("pulumi", "stack", "rm", "{stack}", "--yes", "--preserve-config")),),
    ),
    Step(
        "package",
        "Build the package",
        "Builds the function's zip on this machine.",
        Who.ANYONE,
        (Command(("./stack", "package", "{stack}")),),
        checks.settling(checks.PACKAGE),
        "the same inputs give the same bytes",
        settles=checks.PACKAGE,
        uses_account=False,
    ),
    Step(
        "preview",
        "Preview the stack",
        "Shows every resource and evaluates the policies; it changes nothing.",
        Who.ACCOUNT,
        (_pulumi("preview"),),
        checks.previewed,
        "every resource of the program is to create, and no mandatory policy is violated",
        record=differences.preview_differs,
    ),
    Step(
        "up",
        "Deploy",
        "Creates every resource of the stack. AWS sends one e-mail: confirm the address of the alarms.",
        Who.ACCOUNT,
        (_pulumi("up"),),
        checks.deployed,
        "every resource is created, with the outputs that the baseline lists",
        costs="stack",
        undo=(_pulumi("destroy"),),
        undo_note="A bucket that holds objects is not deleted: Destroy in docs/operations.md empties it.",
        record=differences.stack_differs,
    ),
    Step(
        "smoke",
        "Run the smoke test",
        "Health, headers, authorization, sign-in, and the checks of the service.",
        Who.ANYONE,
        (by(By.CHECK, "./stack", "smoke", "{stack}"),),
        checks.smoked,
        "every check passes",
    ),
    Step(
        "probes",
        "Send the probes of the baseline",
        "Rejected calls, CORS, the service's own calls, and 240 calls at once, which may raise an alarm.",
        Who.ANYONE,
        (),
        checks.nothing_to_check,
        "the status, headers and body of each answer are those of the baseline",
        record=differences.answers_differ,
    ),
    Step(
        "drift",
        "Check for drift directly after the update",
        "A preview and a refresh that write nothing.",
        Who.ACCOUNT,
        (_pulumi("preview"), _pulumi("refresh", "--preview-only")),
        checks.no_change,
        "no change and no drift",
        record=differences.update_differs,
    ),
    Step(
        "rollback",
        "Roll back to the version that serves",
        "Checks the alias, the credentials and the answer; callers keep their version.",
        Who.ACCOUNT,
        (
            by(
                By.CHECK,
                "./stack",
                "rollback",
                "{stack}",
                "--to",
                "{function_version}",
            ),
        ),
        checks.rolled_back,
        "the version answers, nothing moves",
    ),
)
_LAST = Step(
    "questions",
    "Answer the open questions",
    "Runs read-only commands and keeps their answers for the report.",
    Who.ACCOUNT,
    (),
    checks.nothing_to_check,
    "no answer: these are the questions that the embedded AWS cannot settle",
    record=differences.questions_asked,
)
STEPS = (*_AWS, *GITHUB, _LAST)
NAMES = tuple(step.name for step in STEPS)
