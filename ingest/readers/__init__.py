"""One module per shape of file: each turns bytes into rows of text, with numbers, and decides nothing.

Kept out: types, rules, feeds.
"""
