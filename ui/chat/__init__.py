"""The chat in the web page: layout, receipts panel and market strip."""
