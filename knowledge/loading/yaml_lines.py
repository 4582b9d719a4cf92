"""Reads YAML into a model and, when the model refuses it, finds the line of the field that is at fault."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.errors import DocumentInvalid

Model = TypeVar("Model", bound=BaseModel)

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(model: type[Model], text: str, path: Path, first_line: int = 1) -> Model:
    """Validates YAML `text`, which starts at `first_line` of `path`, as `model`.

    Raises DocumentInvalid with the line of the first field that is missing, unknown or wrong.
    """
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - it is the safe loader, in C where PyYAML has it
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        problem = (error.problem or "cannot be read").strip()
        raise DocumentInvalid(path, first_line + line, "yaml", problem, "correct the YAML") from error
    if not isinstance(data, dict):
        raise DocumentInvalid(path, first_line, "yaml", "is not a mapping of fields", "write 'field: value' lines")
    try:
        return model.model_validate(_with_plain_dates(data))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "yaml"
        line = first_line + _line_of(yaml.compose(text, Loader=_Loader), first["loc"])
        problem = first["msg"][0].lower() + first["msg"][1:]
        remedy = "add it" if first["type"] == "missing" else "correct or remove it"
        raise DocumentInvalid(path, line, field, problem, remedy) from error


def _line_of(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """0-based line of the deepest part of `location` that the text holds."""
    line = node.start_mark.line if node else 0
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(part)]
            if not found:
                break
            line, node = found[0][0].start_mark.line, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
        else:
            break
    return line


def _with_plain_dates(value: object) -> object:
    """YAML reads 2025-11-04 as a date and 2025 as a number; models here take either as text."""
    if isinstance(value, dict):
        return {
            key: str(item) if key in {"date", "source_date"} and item is not None else _with_plain_dates(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_plain_dates(item) for item in value]
    return value
