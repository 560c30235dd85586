"""The workload boundary as a file for the policy pack, which cannot read a bootstrap stack."""

import json

from api.definition import NAME
from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.components.boundaries import workload_boundary


def rendered() -> str:
    """Return the boundary of an account as text, with `${account}` and `${region}` in place of their values."""
    account = Account(id="${account}", region="${region}", project=NAME)
    return json.dumps(workload_boundary(account), indent=2) + "\n"
