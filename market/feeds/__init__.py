"""Live market data: pulled over REST and streamed from venues, in one shape, each row with where it came from."""
