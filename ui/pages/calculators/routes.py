"""The addresses of the calculators: a list of them, and each with its inputs in the address."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from market.calculators import CALCULATORS
from market.calculators.registry import Calculator
from market.errors import InvalidInput
from ui.pages.calculators.beside import by_leverage, by_venue, stop_against_liquidation
from ui.pages.calculators.curve import curve
from ui.pages.calculators.samples import SAMPLES
from ui.pages.frame import page

_LONGEST = 2_000
"""Letters of one input; a table of maintenance tiers is the longest."""


def calculator_routes() -> APIRouter:
    """The routes over the registered calculators; pages for people, not part of the API's description."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/calculators")
    async def listed() -> str:
        return page("calculators.html", "calculators", "Calculators", calculators=CALCULATORS.values())

    @router.get("/calculators/{name}")
    async def calculator(name: str, request: Request) -> str:
        if name not in CALCULATORS:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no calculator '{name}'; /calculators lists them")
        given = {key: value.strip()[:_LONGEST] for key, value in request.query_params.items() if value.strip()}
        return calculator_page(CALCULATORS[name], given or SAMPLES.get(name, {}))

    return router


def calculator_page(calculator: Calculator, inputs: Mapping[str, str]) -> str:
    """The calculator with `inputs` in its fields, and the result or why there is none."""
    shown: dict[str, object] = {"result": None, "problem": None, "curve": None, "ladders": (), "stop": None}
    try:
        result = calculator(inputs)
    except InvalidInput as refused:
        shown["problem"] = str(refused)
    else:
        shown |= {"result": result, "curve": curve(calculator, inputs, result)}
        if calculator.name == "liquidation-price":
            shown["ladders"] = (("By leverage", by_leverage(inputs)), ("By venue", by_venue(inputs)))
        if calculator.name == "stop-loss":
            shown["stop"] = stop_against_liquidation(inputs)
    return page(
        "calculator.html",
        "calculators",
        calculator.title,
        calculator=calculator,
        calculators=CALCULATORS.values(),
        inputs=inputs,
        **shown,
    )
