"""Search results in the shape that the command line and the API promise."""

from knowledge.index import Index


def search_results(index: Index, query: str, k: int) -> list[dict[str, str | int | float | None]]:
    """The `k` best passages: `source` is the file as added, `page` the 1-based PDF page or None."""
    return [
        {
            "id": hit.passage.id,
            "slug": hit.passage.slug,
            "anchor": hit.passage.anchor,
            "title": hit.passage.title,
            "source": hit.passage.origin,
            "page": hit.passage.page,
            "score": hit.score,
            "text": hit.passage.text,
        }
        for hit in index.search(query, k)
    ]
