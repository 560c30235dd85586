"""The catalogues that the rules answer to, each with the version whose numbers are meant."""

from dataclasses import dataclass
from enum import Enum


class Framework(Enum):
    """A catalogue of controls: its name, the version read, and where it is."""

    FSBP = (
        "AWS Foundational Security Best Practices",
        "2026-09-30",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html",
    )
    NIST = (
        "AWS Security Hub, NIST 800-53 only",
        "2026-09-30",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference-nist-800-53.html",
    )
    CIS3 = ("CIS AWS Foundations Benchmark", "3.0.0", "https://www.cisecurity.org/benchmark/amazon_web_services")
    CIS5 = ("CIS AWS Foundations Benchmark", "5.0.0", "https://www.cisecurity.org/benchmark/amazon_web_services")
    CIS7 = ("CIS AWS Foundations Benchmark", "7.0.0", "https://www.cisecurity.org/benchmark/amazon_web_services")
    NAG = ("cdk-nag AwsSolutions", "2026-06-30", "https://github.com/cdklabs/cdk-nag/blob/main/RULES.md")
    NAG_SERVERLESS = ("cdk-nag Serverless", "2026-06-30", "https://github.com/cdklabs/cdk-nag/blob/main/RULES.md")
    CHECKOV = ("Checkov", "2026-08-20", "https://www.checkov.io/5.Policy%20Index/all.html")
    GUARD = ("AWS Guard Rules Registry", "2024-03-22", "https://github.com/aws-cloudformation/aws-guard-rules-registry")
    PROWLER = ("Prowler", "2026-08", "https://hub.prowler.com")

    @property
    def title(self) -> str:
        """The name with the version."""
        return f"{self.value[0]} {self.value[1]}"

    @property
    def reference(self) -> str:
        """Where the catalogue is."""
        return self.value[2]

    @property
    def size(self) -> int | None:
        """How many controls it has in all; nothing where nobody counted."""
        return _SIZES.get(self.name)


_SIZES = {"CIS3": 62, "CIS5": 63, "CIS7": 70, "NAG": 131, "CHECKOV": 433, "GUARD": 209}


@dataclass(frozen=True, order=True)
class Control:
    """One entry of a catalogue."""

    framework: str
    """The name of a Framework."""
    id: str

    @property
    def in_full(self) -> tuple[str, str, str, str]:
        """The catalogue's name, version and address, and the entry in it."""
        return *Framework[self.framework].value, self.id

    def __str__(self) -> str:
        return f"{Framework[self.framework].title} {self.id}"


def controls(text: str) -> tuple[Control, ...]:
    """`FSBP: Lambda.2, Lambda.3; CHECKOV: CKV_AWS_363` as controls; ValueError where a framework is unknown."""
    found = []
    for group in filter(None, (part.strip() for part in text.split(";"))):
        name, _, ids = group.partition(":")
        if name not in Framework.__members__:
            raise ValueError(f"unknown framework {name!r}; the known ones are {', '.join(Framework.__members__)}")
        found += [Control(name, id_.strip()) for id_ in ids.split(",") if id_.strip()]
    return tuple(found)
