"""A number worked out from the user's own inputs, with the formula that shows how."""

from pydantic import BaseModel, ConfigDict


class Calculation(BaseModel):
    """`formula` holds the general formula and the same with the inputs filled in.

    `inputs` are all the values that entered, assumed ones included; `assumptions` says which were assumed.
    """

    model_config = ConfigDict(frozen=True)

    calculation: str
    value: float
    unit: str
    formula: str
    inputs: dict[str, float | str]
    assumptions: list[str]
