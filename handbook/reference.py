"""The reference pages, from the code itself: commands, settings, metrics, calculators and Prometheus series."""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import dedent
from typing import Any

from pydantic_settings import BaseSettings

_EXAMPLE = re.compile(r"^(market-pulse |.*\| market-pulse )")
_HEAD = "<!-- Made by `python -m handbook`; change the code, not this page. -->\n"


def reference() -> Mapping[str, str]:
    """Every page by its file name."""
    return {
        "commands.md": _page("Commands", _commands()),
        "settings.md": _page("Settings", _settings()),
        "metrics.md": _page("Metrics", _metrics()),
        "calculators.md": _page("Calculators", _calculators()),
        "telemetry.md": _page("Prometheus series", _telemetry()),
    }


def _page(title: str, blocks: Iterator[str]) -> str:
    return "\n\n".join([_HEAD + f"# {title}", *blocks]) + "\n"


def _commands() -> Iterator[str]:
    from typer.main import get_command

    from ui.cli import app

    yield "`--home DIR` or `MARKET_PULSE_HOME` stands before the command. Exit codes: 0 done, 1 failed, 2 wrong usage."
    yield from _command("market-pulse", get_command(app))


def _command(path: str, command: Any) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner:
        for name, one in inner.items():
            yield from _command(f"{path} {name}", one)
        return
    yield f"## {path}"
    about, examples = _told(inspect.cleandoc(command.help or ""))
    yield about
    if examples:
        yield f"```\n{examples}\n```"
    rows = [_parameter(one) for one in command.params if not getattr(one, "hidden", False) and one.name != "help"]
    if rows:
        yield _table(("parameter", "what it is"), rows)


def _told(text: str) -> tuple[str, str]:
    """What a help says, apart from the paragraphs that are a runnable line."""
    paragraphs = [paragraph.strip() for paragraph in text.split("\n\n")]
    examples = [paragraph for paragraph in paragraphs if _EXAMPLE.search(paragraph)]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph not in examples), "\n".join(examples)


def _parameter(one: Any) -> tuple[str, str]:
    names = ", ".join(f"`{name}`" for name in one.opts) if one.param_type_name == "option" else f"`{one.name.upper()}`"
    shown = "" if one.default is None or callable(one.default) or one.default in {False, ()} else f" ({one.default})"
    return names, f"{getattr(one, 'help', None) or ''}{shown}".strip()


def _settings() -> Iterator[str]:
    from knowledge.settings import KnowledgeSettings
    from market.settings import MarketSettings
    from rag.settings import RagSettings
    from ui.settings import UiSettings

    yield "Each is an environment variable. Durations are ISO 8601 (`PT2H`); lists have commas between their values."
    for room in (KnowledgeSettings, MarketSettings, RagSettings, UiSettings):
        yield f"## {room.model_config['env_prefix']}…"
        yield inspect.getdoc(room) or ""
        yield _table(("variable", "what it sets", "unless set"), list(_fields(room)))


def _fields(room: type[BaseSettings]) -> Iterator[tuple[str, str, str]]:
    said = _docstrings(room)
    for name, field in room.model_fields.items():
        default = field.get_default(call_default_factory=True, validated_data={})
        shown = "" if default is None or name == "content" else _plain(default)
        yield f"`{room.model_config['env_prefix']}{name.upper()}`", said.get(name, ""), f"`{shown}`" if shown else ""


def _plain(value: object) -> str:
    return ",".join(sorted(map(str, value))) if isinstance(value, frozenset | tuple) else str(value)


def _docstrings(room: type[BaseSettings]) -> Mapping[str, str]:
    """What stands under each field of a class."""
    (defined,) = ast.parse(dedent(inspect.getsource(room))).body
    assert isinstance(defined, ast.ClassDef)  # noqa: S101 - the source of a class is one class
    found = {}
    for field, after in zip(defined.body, defined.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[ast.unparse(field.target)] = " ".join(str(after.value.value).split())
    return found


def _metrics() -> Iterator[str]:
    from market.metrics import metrics

    yield "Asked for by meaning in a question, or by name: `market-pulse market metrics NAME`, `GET /v1/metrics/NAME`."
    yield _table(
        ("metric", "what it is", "unit", "formula"),
        [(f"`{one.name}`", one.description, one.unit, f"`{one.formula}`") for one in metrics().values()],
    )


def _calculators() -> Iterator[str]:
    from market.calculators import CALCULATORS

    yield "`market-pulse calc NAME`, `POST /v1/calculators/NAME`, and a page each under `/calculators`."
    for one in CALCULATORS.values():
        yield f"## {one.name}"
        yield one.description
        rows = [
            (f"`{spec.name}`", spec.meaning, spec.unit or ", ".join(spec.choices), "yes" if spec.required else "")
            for spec in one.inputs
        ]
        yield _table(("input", "meaning", "unit or choices", "required"), rows)


def _telemetry() -> Iterator[str]:
    from ui.series import SERIES

    yield "`GET /metrics` of a server gives these in the text format of Prometheus; a key needs the scope `read`."
    yield _table(
        ("series", "kind", "labels", "what it says"),
        [(f"`{one.name}`", one.kind, ", ".join(f"`{label}`" for label in one.labels), one.about) for one in SERIES],
    )
    yield (
        "Series of feeds are there once a feed was asked. A histogram `NAME` is three series: `NAME_bucket` with the "
        "label `le`, `NAME_sum` and `NAME_count`. A series that ends in `_created` says since when another counts."
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
