"""Progress on stderr: bars that count, and a line that says how something without an end is doing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
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
    bar = Bar(*columns, console=Console(stderr=True), transient=False)
    with ExitStack() as drawn:
        task = None

        def tell(done: int, total: int) -> None:
            nonlocal task
            if task is None:
                drawn.enter_context(bar)
                task = bar.add_task("index", total=total)
            bar.update(task, completed=done, total=total)

        yield tell


def counted(items: Sequence[Item], label: str) -> Iterator[Item]:
    """Goes through `items` with a bar on stderr that counts them."""
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description=label, console=Console(stderr=True))


@contextmanager
def status_line() -> Iterator[Callable[[str], None]]:
    """Gives a callback that shows a line on stderr in the place of the one before; where none can be replaced, only
    a line that differs is written.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal:
        with console.status("") as status:
            yield status.update
        return
    last = ""

    def tell(line: str) -> None:
        nonlocal last
        if line != last:
            console.print(line, highlight=False, soft_wrap=True)
            last = line

    yield tell
