"""What a change may not make worse: the metrics, floors and tolerated drops of `eval/gate.yaml`."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.errors import GateInvalid

COMMITTED_GATE = Path(__file__).parent / "gate.yaml"
COMMITTED_BASELINE = Path(__file__).parent / "baseline"


class Bar(BaseModel):
    """One gated metric: the lowest mean that is let through, and the drop that is, however significant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    floor: float = Field(ge=0, le=1)
    tolerated_drop: float = Field(ge=0, le=1)


class Gate(BaseModel):
    """`confidence` is that of the intervals: a drop is significant if its whole interval lies below zero."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    confidence: float = Field(gt=0.5, lt=1)
    metrics: Mapping[str, Bar]


def load_gate(path: Path = COMMITTED_GATE) -> Gate:
    """The gate in `path`. Raises GateInvalid naming the field that is wrong."""
    try:
        return Gate.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise GateInvalid(f"{path} is not there; name a gate file with --gate") from error
    except (ValidationError, yaml.YAMLError) as error:
        told = error.errors()[0] if isinstance(error, ValidationError) else None
        where = f"field '{'.'.join(str(part) for part in told['loc'])}': {told['msg']}" if told else "is not YAML"
        raise GateInvalid(f"{path}: {where}; correct the file") from error
