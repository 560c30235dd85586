"""Import botocore without its documentation modules, and register the handlers of one service at a time.

Fifteen modules, with an HTML parser, write the docstrings of generated methods. A session registers the
handlers of more than a hundred services; each client here gets those of its own service.
"""

import importlib.util
import sys
from types import ModuleType
from typing import Any

from api.cold_start.patches import lazy_import, require_attributes, require_modules

EVERY_SERVICE = "*"
DOCS = ("botocore.docs", "botocore.docs.docstring")
HANDLERS = ("BUILTIN_HANDLERS", "REGISTER_FIRST", "REGISTER_LAST")
PATCHED = (*DOCS, *(f"botocore.handlers.{name}" for name in HANDLERS), "botocore.utils.EVENT_ALIASES")
"""The private names that this file depends on."""


def import_patched() -> None:
    """Import botocore; the docstrings of its methods are empty. Raise PatchError."""
    _replace_docs()
    # urllib3 reads metadata for HTTP/2 alone; of DynamoDB's responses only the description of a table holds dates.
    with lazy_import("importlib.metadata"), lazy_import("dateutil.parser"):
        import botocore.handlers
        import botocore.session
        import botocore.utils
    require_modules(botocore, *DOCS)
    require_attributes(botocore, botocore.handlers, *HANDLERS)
    require_attributes(botocore, botocore.utils, "EVENT_ALIASES")


def new_session() -> Any:
    """Return a session with the handlers of every service, and the credentials of a Lambda function as their source."""
    from botocore.credentials import ContainerProvider, CredentialResolver, EnvProvider
    from botocore.session import Session

    session = Session(include_builtin_handlers=False)
    # Lambda puts the credentials of the function's role in the environment, with SnapStart behind an endpoint.
    session.register_component("credential_provider", CredentialResolver([EnvProvider(), ContainerProvider()]))
    _register(session, EVERY_SERVICE)
    return session


def register_handlers(session: Any, service: str) -> None:
    """Register the handlers of one service, before its client is made."""
    from botocore.utils import EVENT_ALIASES

    _register(session, EVENT_ALIASES.get(service, service))


def service_of(event: str) -> str:
    """Return the service in the name of an event, `s3` in `before-call.s3.PutObject`; EVERY_SERVICE without one."""
    _, _, rest = event.partition(".")
    return rest.partition(".")[0] or EVERY_SERVICE


def _register(session: Any, service: str) -> None:
    from botocore.handlers import BUILTIN_HANDLERS, REGISTER_FIRST, REGISTER_LAST

    events = session.get_component("event_emitter")
    register = {
        (): events.register,
        (REGISTER_FIRST,): events.register_first,
        (REGISTER_LAST,): events.register_last,
    }
    for event, handler, *when in BUILTIN_HANDLERS:
        if service_of(event) == service:
            register[tuple(when)](event, handler)


def _replace_docs() -> None:
    spec = importlib.util.find_spec("botocore")
    if spec is None or spec.submodule_search_locations is None or "botocore.docs" in sys.modules:
        return
    docs, docstrings = ModuleType("botocore.docs"), ModuleType("botocore.docs.docstring")
    # The package itself stays: botocore's handlers import one of its modules. Only its own imports are left out.
    docs.__path__ = [f"{folder}/docs" for folder in spec.submodule_search_locations]
    vars(docstrings)["__getattr__"] = _docstring_class
    sys.modules |= {"botocore.docs": docs, "botocore.docs.docstring": docstrings}


def _docstring_class(name: str) -> type[str]:
    """Return the class for any name that botocore imports; a module's own attributes are not among them."""
    if name.startswith("__"):
        raise AttributeError(name)
    return _EmptyDocstring


class _EmptyDocstring(str):
    """A docstring that takes the description of a method and stays empty."""

    __slots__ = ()

    def __new__(cls, *_: Any, **__: Any) -> "_EmptyDocstring":
        return super().__new__(cls)
