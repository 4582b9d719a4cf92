"""Drafts written by a language model from coded evidence; what it writes is verified before anyone sees it."""
