"""The start modes of the function, and the settings that each one requires."""

from tests.support.stacks import settings_errors

FUNCTION = {"runtime": "python3.13", "architecture": "arm64", "reserved-concurrency": 75}
SNAPSTART = {**FUNCTION, "start-mode": "snapstart"}


def test_provisioned_concurrency_above_reserved_is_rejected() -> None:
    provisioned = {**FUNCTION, "start-mode": "provisioned", "provisioned-concurrency": 76}

    assert settings_errors("dev", function=provisioned) == [
        "F: function: provisioned-concurrency cannot exceed reserved-concurrency; raise one or lower the other."
    ]


def test_snapstart_with_runtime_host_is_rejected() -> None:
    (sentence,) = settings_errors("local", function={**SNAPSTART, "runtime": "host", "architecture": "host"})

    assert sentence.startswith("F: function: start-mode snapstart needs a runtime of AWS")


def test_snapstart_with_canary_is_accepted() -> None:
    assert settings_errors("dev", function=SNAPSTART, delivery="canary") == []


def test_snapstart_without_canary_is_rejected() -> None:
    (sentence,) = settings_errors("dev", function=SNAPSTART)

    assert sentence.startswith("F: dev must set delivery to canary for start-mode snapstart")
