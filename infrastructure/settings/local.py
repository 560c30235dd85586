"""The settings of another stack on a developer's machine: `./stack up dev`."""

import json
from collections.abc import Iterator, Mapping

from infrastructure.settings.stack import StackSettings

_REMOVED = {
    "domain": "the API has the address of this machine",
    "edge": "this machine has no CloudFront and no web ACL",
    "permissions_boundary": "the embedded AWS has no bootstrap stack",
    "expires_on": "the stack ends with the command",
}
_SIGN_IN = ("mfa", "password_flow")
"""Settings of the sign-in without which `./stack token` gets no token."""


def local_settings(
    settings: Mapping[str, object], local: Mapping[str, object]
) -> tuple[Mapping[str, object], list[str]]:
    """Return valid settings with what cannot run on this machine replaced, and a line for each such setting."""
    stack, own = (StackSettings.model_validate_json(json.dumps(each)) for each in (settings, local))
    function = {
        "runtime": own.function.runtime,
        "architecture": own.function.architecture,
        "start_mode": "on-demand",
        "provisioned_concurrency": None,
    }
    api = {
        "cors_origins": _together(stack.api.cors_origins, own.api.cors_origins),
        "docs_assets_url": own.api.docs_assets_url,
        "docs_enabled": stack.serves_docs,
    }
    sign_in = {
        **{name: getattr(own.sign_in, name) for name in ("base_url", *_SIGN_IN)},
        "callback_urls": _together(stack.sign_in.callback_urls, own.sign_in.callback_urls),
        "logout_urls": _together(stack.sign_in.logout_urls, own.sign_in.logout_urls),
    }
    run = stack.model_copy(
        update={
            **dict.fromkeys(_REMOVED),
            "environment": "local",
            "delivery": "all-at-once",
            "log_key": stack.encrypts_logs,
            "function": stack.function.model_copy(update=function),
            "api": stack.api.model_copy(update=api),
            "sign_in": stack.sign_in.model_copy(update=sign_in),
        }
    )
    return run.model_dump(mode="json", by_alias=True, exclude_none=True), list(_replaced(stack, run))


def _together(stack: tuple[str, ...], local: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*stack, *local)))


def _replaced(stack: StackSettings, run: StackSettings) -> Iterator[str]:
    """Yield a line for each setting that the machine cannot run as it is."""
    for name, reason in _REMOVED.items():
        if getattr(stack, name) is not None:
            yield f"{_key(name)}: {reason}"
    if stack.deploys_by_canary:
        yield "delivery canary: a new version gets all requests at once"
    function = stack.function
    yield f"function.runtime {function.runtime} on {function.architecture}: the Python and the CPU of this machine"
    if function.start_mode != "on-demand":
        yield f"function.start-mode {function.start_mode}: the function starts on demand"
    for name in _SIGN_IN:
        before, now = getattr(stack.sign_in, name), getattr(run.sign_in, name)
        if before != now:
            yield f"sign-in.{_key(name)} {_shown(before)}: it is {_shown(now)}, which ./stack token needs"
    for name, url in stack.api.upstreams.items():
        yield f"api.upstreams.{name}: its requests leave this machine for {url}"


def _key(name: str) -> str:
    return name.replace("_", "-")


def _shown(value: object) -> str:
    return json.dumps(value).strip('"')
