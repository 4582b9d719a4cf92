"""What we know: articles, FAQ, glossary and crash events, and the index that finds passages in them."""
