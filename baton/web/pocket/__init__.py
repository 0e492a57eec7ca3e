"""Baton on a phone: installed like an app, there without a line, and taking what other apps share.

`app.py` is what a phone asks for to install it (manifest, icons, service worker, the page without a line), `drawing.py`
draws the icons, `shell.py` names what the worker keeps, `sharing.py` takes what was shared and asks whose it is.
"""
