"""Metrics and calculators as programs are told of them, over HTTP and over MCP alike."""

from market.calculators.registry import Calculator
from market.metrics.registry import Metric
from ui.api.shapes import CalculatorDescription, CalculatorInput, MetricDescription, MetricParameter


def described_metric(metric: Metric) -> MetricDescription:
    return MetricDescription(
        name=metric.name,
        title=metric.title,
        description=metric.description,
        unit=metric.unit,
        formula=metric.formula,
        formula_source=metric.formula_source,
        default_asset=metric.default_asset,
        windowed=metric.windowed,
        parameters=tuple(
            MetricParameter(name=one.name, type=one.type, default=one.default, meaning=one.meaning)
            for one in metric.parameters
        ),
        examples=metric.examples,
    )


def described_calculator(calculator: Calculator) -> CalculatorDescription:
    return CalculatorDescription(
        name=calculator.name,
        title=calculator.title,
        description=calculator.description,
        inputs=tuple(
            CalculatorInput(
                name=one.name,
                unit=one.unit,
                meaning=one.meaning,
                required=one.required,
                text=one.text,
                choices=one.choices,
            )
            for one in calculator.inputs
        ),
        examples=calculator.examples,
    )
