"""The faces of Market Pulse: command line, API and chat."""
