"""Capture: what happens with customers becomes the record, without anybody writing it up."""
