"""A progress bar on stderr for building the index; nothing is shown where there is nothing to do."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from knowledge.index import Progress

Item = TypeVar("Item")


@contextmanager
def index_progress() -> Iterator[Progress]:
    """Gives a callback that draws the bar from its first call on."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.0f}/s" if task.speed else "")

    columns = (TextColumn("Building the index"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=False) as bar:
        task = None

        def tell(done: int, total: int) -> None:
            nonlocal task
            if task is None:
                task = bar.add_task("index", total=total)
            bar.update(task, completed=done, total=total)

        yield tell


def counted(items: Sequence[Item], label: str) -> Iterator[Item]:
    """Goes through `items` with a bar on stderr that counts them."""
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description=label, console=Console(stderr=True))
