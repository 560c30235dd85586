"""Import-time optimisations: one file per library that is patched, and one switch that turns all of them off.

`COLD_START_PATCHES=off` (the stack setting `function.cold-start-patches: false`) is for the day on which a new version
of a library breaks a patch: the function then starts slower, and its answers are the same.
"""

import os

SWITCH = "COLD_START_PATCHES"
_VALUES = {"on": True, "off": False}

if os.environ.get(SWITCH, "on") not in _VALUES:
    raise ValueError(f"The environment variable {SWITCH} is {os.environ[SWITCH]!r}; use on or off.")
ENABLED = _VALUES[os.environ.get(SWITCH, "on")]


def begin() -> None:
    """Import the libraries of the function with their patches; the garbage collector rests until `end`."""
    if not ENABLED:
        return
    import gc

    gc.disable()
    from api.cold_start import botocore, fastapi, pydantic

    pydantic.import_patched()
    fastapi.import_patched()
    botocore.import_patched()


def end() -> None:
    """Exempt what the start made from garbage collection, and let the collector run again."""
    if not ENABLED:
        return
    import gc

    gc.freeze()
    gc.enable()
