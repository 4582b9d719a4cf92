"""Market: the readings behind the answers as pictures, and a replay of the tapes that moves them and the answers."""
