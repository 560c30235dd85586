"""The catalogues of controls that rules implement, each with its version, and what a team decides about controls."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from toolkit.stacks.errors import FileError, sentence
from toolkit.stacks.yaml_documents import read_yaml


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
    NAG = ("cdk-nag AwsSolutions", "3.0.1", "https://github.com/cdklabs/cdk-nag/blob/main/RULES.md")
    NAG_SERVERLESS = ("cdk-nag Serverless", "3.0.1", "https://github.com/cdklabs/cdk-nag/blob/main/RULES.md")
    CHECKOV = ("Checkov", "3.3.30", "https://www.checkov.io/5.Policy%20Index/all.html")
    GUARD = ("AWS Guard Rules Registry", "2024-03-22", "https://github.com/aws-cloudformation/aws-guard-rules-registry")
    PROWLER = ("Prowler", "5.46.0", "https://hub.prowler.com")
    SOC2 = (
        "SOC 2, Trust Services Criteria",
        "2017, points of focus of 2022",
        "https://www.aicpa-cima.com/resources/download/2017-trust-services-criteria-with-revised-points-of-focus-2022",
    )
    ISO27001 = ("ISO/IEC 27001 Annex A", "2022", "https://www.iso.org/standard/27001")

    @property
    def title(self) -> str:
        """The name with the version."""
        return f"{self.value[0]} {self.value[1]}"

    @property
    def reference(self) -> str:
        """The address of the catalogue."""
        return self.value[2]

    @property
    def size(self) -> int:
        """The number of its controls."""
        return _SIZES[self.name][0]

    @property
    def counted(self) -> str:
        """The source of that number, and the date."""
        return f"{_SIZES[self.name][1]}, counted 2026-11-30"


_SIZES = {
    "FSBP": (297, "Prowler 5.46.0's copy of the standard with 286 controls, and 11 newer ones of AWS's user guide"),
    "NIST": (20, "the controls beyond FSBP that read the resource types of these stacks, from AWS's user guide"),
    "CIS3": (62, "Prowler 5.46.0, compliance/aws/cis_3.0_aws.json"),
    "CIS5": (63, "Prowler 5.46.0, compliance/aws/cis_5.0_aws.json"),
    "CIS7": (70, "Prowler 5.46.0, compliance/aws/cis_7.0_aws.json"),
    "NAG": (131, "cdk-nag 3.0.1, packs/aws-solutions.js"),
    "NAG_SERVERLESS": (18, "cdk-nag 3.0.1, packs/serverless.js"),
    "CHECKOV": (456, "Checkov 3.3.30, the checks for AWS that its registries hold for Terraform"),
    "GUARD": (209, "the registry at 2024-03-22"),
    "PROWLER": (668, "Prowler 5.46.0, the checks of the provider aws"),
    "SOC2": (61, "the criteria of all five categories"),
    "ISO27001": (93, "the controls of Annex A"),
}


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


class _Decision(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Unanswered(_Decision):
    """Controls with the one reason why no rule answers to them."""

    controls: Annotated[tuple[Control, ...], BeforeValidator(controls)]
    asks: str
    """The requirement of the controls."""
    reason: str


class Criterion(_Decision):
    """The rules whose results are evidence for a part of a control that is no technical check."""

    rules: tuple[str, ...] = Field(min_length=1)
    partial: str
    """The part that the rules evaluate, and what they leave out."""


class ControlDecisions(_Decision):
    """What a team decides about the controls that its rules do not name themselves."""

    declined: tuple[Unanswered, ...] = ()
    """Controls that the team decided against."""
    beyond: tuple[Unanswered, ...] = ()
    """Controls that no stack can answer."""
    not_in_use: tuple[Unanswered, ...] = Field(default=(), alias="not-in-use")
    """Controls of services that no stack uses."""
    evidence: dict[str, dict[str, Criterion]] = {}
    """By catalogue and control."""

    @property
    def criteria(self) -> dict[Control, Criterion]:
        """Return the criteria by their control."""
        return {Control(name, id_): one for name, entries in self.evidence.items() for id_, one in entries.items()}


def load_decisions(path: Path) -> ControlDecisions:
    """Return the decisions in a file. Raises FileError."""
    try:
        return ControlDecisions.model_validate(read_yaml(path))
    except ValidationError as error:
        raise FileError(sentence(path.name, error)) from None
