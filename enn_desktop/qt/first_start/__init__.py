"""The first start: an address, an account that was really tried, a folder."""
