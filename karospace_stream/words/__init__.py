"""Sentences about options, in the words of the interface that shows them.

Messages name options as a terminal does (``--anno``): logs, colleagues and search engines know them so. An
interface that spells them differently translates whole sentences, once, where they leave the program.
"""
