"""How good the answers are: cases, scorers, runs. Needs no language model and gives the same result twice."""
