"""`new secret`: a secret of the function, declared; each stack holds its own encrypted value."""

import re
from pathlib import Path

from toolkit.new.declaration import DEFINITION, read_source
from toolkit.new.names import check_resource, constant
from toolkit.new.writing import write_all
from toolkit.stacks.errors import FileError

_SECRETS = "SECRETS"


def new_secret(root: Path, name: str, description: str) -> list[str]:
    """Declare a secret; return the names of the files. Raise FileError."""
    check_resource("the secret", name)
    if not re.fullmatch(r"[^\"\\\n]{1,200}", description):
        raise FileError("The description of a secret is one line of up to 200 characters, without quotation marks.")
    definition = read_source(root, DEFINITION)
    if name in definition.keys_of(_SECRETS):
        raise FileError(f"The secret {name} exists already: {_SECRETS} in {DEFINITION}.")
    definition.append(_SECRETS, f'"{name}": "{description}"')
    return write_all(root, {}, {DEFINITION: definition.text})


def next_steps(name: str, stacks: list[str]) -> list[str]:
    """Return what gives the secret its values."""
    variable = f"{constant(name)}_SECRET_ARN"
    set_value = f"openssl rand -base64 32 | pulumi config set --secret {name} --stack STACK, for {', '.join(stacks)}"
    return [
        set_value,
        f'the API reads it: shared.aws.secret(shared.settings.secret_arns["{name}"]); its ARN is in {variable}',
    ]
