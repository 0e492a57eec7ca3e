"""Workbooks as files: read without loss, and filled by changing the few bytes that hold a cell.

Saving a workbook through a library loses what the library doesn't know (text boxes, images, pivot caches, formats of
later versions). So every part that isn't touched stays as it came, byte for byte. All of this is pure and runs in the
limited child: a template comes from outside. Format: ECMA-376, parts 1 and 2.
"""
