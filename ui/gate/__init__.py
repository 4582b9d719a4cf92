"""What stands before every face: who may come in, how often, and under which name the server is known."""
