"""What a session says about itself."""

import pytest

from baton.members.sessions import device_words

LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
EDGE = LINUX.replace("X11; Linux x86_64", "Windows NT 10.0; Win64; x64") + " Edg/142.0.0.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"
FOX = "Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (LINUX, ("Chrome", "Linux")),
        (EDGE, ("Edge", "Windows")),
        (PHONE, ("Safari", "iPhone")),
        (FOX, ("Firefox", "Android")),
        ("curl/8.5", ("", "")),
    ],
)
def test_a_browser_and_its_device_are_named_as_people_name_them(user_agent, words):
    assert device_words(user_agent) == words
