"""Import-time optimisations: one file per library that is patched, and one switch that turns all of them off.

`COLD_START_PATCHES=off` (the stack setting `function.cold-start-patches: false`) is for a new version of a
library that breaks a patch: the function then starts slower, and its responses are the same.
"""

import os

SWITCH = "COLD_START_PATCHES"
_VALUES = {"on": True, "off": False}

if os.environ.get(SWITCH, "on") not in _VALUES:
    raise ValueError(f"The environment variable {SWITCH} is {os.environ[SWITCH]!r}; use on or off.")
ENABLED = _VALUES[os.environ.get(SWITCH, "on")]


def begin() -> None:
    """Import the libraries of the function with their patches; the garbage collector is off until `end`."""
    if not ENABLED:
        return
    import gc

    gc.disable()
    from api.cold_start import botocore, fastapi, pydantic

    pydantic.import_patched()
    fastapi.import_patched()
    botocore.import_patched()


def end() -> None:
    """Exempt the objects of the start from garbage collection, and turn the collector on."""
    if not ENABLED:
        return
    import gc

    gc.freeze()
    gc.enable()
