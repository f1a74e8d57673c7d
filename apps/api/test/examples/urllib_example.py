"""Sends a mail, reports an event and reads the mail back, with nothing but Python's standard library."""

import json
import os
import urllib.parse
import urllib.request


def posthorn(method, path, body=None):
    request = urllib.request.Request(
        os.environ["POSTHORN_URL"] + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": "Bearer " + os.environ["POSTHORN_KEY"],
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request) as response:
        print(response.read().decode())


posthorn("POST", "/v1/send", {"to": "ada@example.com", "subject": "Hello", "body": "<p>It works.</p>"})
posthorn("POST", "/v1/track", {"event": "signed-up", "email": "ada@example.com", "data": {"plan": "free"}})
posthorn("GET", "/v1/emails?" + urllib.parse.urlencode({"to": "ada@example.com", "limit": 1}))
