"""Makes the parts of the documentation that code already says: the reference pages, and pictures of the pages."""
