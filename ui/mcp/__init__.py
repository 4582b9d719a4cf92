"""The tools and articles that agents reach over MCP, by standard input and output or at /mcp of the server."""
