"""Renders the templates of every page: one environment that escapes everything and says numbers as answers do."""

from functools import lru_cache
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from rag.phrasing import amount, day_in_words, moment_in_words

_TEMPLATES = Path(__file__).with_name("templates")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "prose": prose,
        "day": day_in_words,
        "moment": moment_in_words,
        "amount": amount,
    }
    return environment


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    # Links and pictures stay text: what a page links to is said by its sources, never by its prose.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "image", "autolink", "reference"])


def render(template: str, **values: object) -> Markup:
    """The template filled with `values`. A name that the template needs and `values` lack is an error."""
    return Markup(_environment().get_template(template).render(values))  # noqa: S704 - the template escapes


def prose(text: str) -> Markup:
    """Markdown as HTML; markup in the text is shown, not run.

    >>> prose("a *b* <i>")
    Markup('<p>a <em>b</em> &lt;i&gt;</p>\\n')
    """
    return Markup(_markdown().render(text))  # noqa: S704 - the renderer escapes


def highlighted(text: str, sentences: list[str]) -> Markup:
    """The text with the sentences that were taken from it marked."""
    shown = escape(" ".join(text.split()))
    for sentence in sentences:
        quoted = escape(" ".join(sentence.split()))
        shown = shown.replace(quoted, f"<mark>{quoted}</mark>")
    return Markup(shown)  # noqa: S704 - escaped above
