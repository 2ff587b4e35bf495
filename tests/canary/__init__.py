"""A person whose data is unmistakable is put into the product, and then searched for wherever it must not be.

Each search is shown to be able to fail: the same search finds what is planted (test_needles.py).
"""
