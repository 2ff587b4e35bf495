"""The pages of docs/reference/ that are made from code: each module's `page()` returns one page as Markdown.

`pages.PAGES` lists them; `make docs` writes them, and a test compares what is committed with what code says now.
"""
