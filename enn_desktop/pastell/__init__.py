"""The server's border: HTTP, authentication, wire shapes turned into our values, typed errors.

Read-only on purpose: nothing here can write to, or delete from, the platform.
"""
