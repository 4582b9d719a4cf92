"""One scorer a file; each judges one property of an answer and may say that it does not apply."""
