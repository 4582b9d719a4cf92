"""From a question to an answer in which every number has a receipt."""
