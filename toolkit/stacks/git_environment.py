"""The environment in which git runs: no variable leads it to other files than those of its folder."""

from collections.abc import Mapping

_LEADING_AWAY = {
    *("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_REPLACE_REF_BASE", "GIT_ATTR_SOURCE"),
    *("GIT_GRAFT_FILE", "GIT_SHALLOW_FILE"),
    *(f"GIT_{kind}_PATHSPECS" for kind in ("LITERAL", "GLOB", "NOGLOB", "ICASE")),
}
"""The variables that choose another repository, other files or objects: https://git-scm.com/docs/git

A hook of git has some of them set.
"""


def git_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that git gets: the repository is that of its folder, and no object is replaced."""
    own = {name: value for name, value in environment.items() if name not in _LEADING_AWAY}
    return {**own, "GIT_NO_REPLACE_OBJECTS": "1"}
