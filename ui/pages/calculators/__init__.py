"""Calculators: every formula with its inputs, its assumptions and a picture, under an address that holds the inputs."""
