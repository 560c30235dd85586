"""The environment variables of the API's function that a stack file cannot set, and the names that it can."""

import re
from typing import Annotated

from api.definition import BUCKETS, PARAMETERS, QUEUES, SECRETS, TABLES, TOPICS, secret_variable
from toolkit.stacks.settings import TextPattern

OWN_VARIABLES = frozenset(
    {
        "ENVIRONMENT",
        "SERVICE_VERSION",
        "RATE_LIMIT_PER_MINUTE",
        "SIGN_IN_URL",
        "WEB_CLIENT_ID",
        "DOCS_ENABLED",
        "DOCS_ASSETS_URL",
        "COLD_START_PATCHES",
        "ORIGIN_KEY_DIGESTS",
        *(table.variable for table in TABLES),
        *(bucket.variable for bucket in BUCKETS),
        *(queue.variable for queue in QUEUES),
        *(topic.variable for topic in TOPICS),
        *(parameter.variable for parameter in PARAMETERS),
        *map(secret_variable, SECRETS),
    }
)
"""The variables that the program itself sets, or that the API reads."""
RESERVED_PREFIXES = ("AWS_", "LAMBDA_", "LD_", "POWERTOOLS_", "PYTHON")
"""Variables of Lambda, of the dynamic linker, of Powertools and of Python."""
_RESERVED = frozenset({"LANG", "PATH", "TZ"})
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime"""

VariableName = Annotated[
    str,
    TextPattern(
        rf"(?!{'|'.join(map(re.escape, RESERVED_PREFIXES))})"
        rf"(?!(?:{'|'.join(sorted(OWN_VARIABLES | _RESERVED))})$)[A-Z][A-Z0-9_]{{1,63}}",
        "the name of a variable has 2 to 64 of A-Z, 0-9 and _, begins with a letter, and is not one of AWS or of the "
        "service itself, such as AWS_REGION or ENVIRONMENT",
    ),
]
"""The name of an additional variable."""
