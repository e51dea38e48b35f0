#!/usr/bin/env bash
# Guess: S3's client refuses an answer that is not S3's: if a proxy's sign-in page comes with status 200 in place of a list
#        of objects, `list_objects_v2` raises an error, or at least the paginator does.
# Seen:  a page that happens to be well-formed XML (XHTML, as many such pages are) is parsed as the answer. What the parser
#        looks for is not in it, so the bucket looks empty: no Contents, no KeyCount, no error. One that is no XML raises a ClientError.
# Package: botocore 1.44.8. Date: 2026-11-30.
# AMTS therefore takes an answer for a listing only if it says whether it is truncated (bot/engines/amazon/storage.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q botocore==1.44.8
"$folder/venv/bin/python" - <<'PYTHON'
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import botocore
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

PAGES = {
    "well-formed": b"<html><head><title>Sign in</title></head><body><p>Who are you?</p></body></html>",
    "with an open tag": b"<html><head><title>Sign in</title></head><body><p>Who are you?<br></body></html>",
}


class Proxy(BaseHTTPRequestHandler):
    page = b""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(self.page)))
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, *_):
        pass


print("botocore", botocore.__version__)
server = HTTPServer(("127.0.0.1", 0), Proxy)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = botocore.session.get_session().create_client(
    "s3",
    region_name="us-east-1",
    endpoint_url=f"http://127.0.0.1:{server.server_port}",
    aws_access_key_id="none",
    aws_secret_access_key="none",
    config=Config(retries={"total_max_attempts": 1}, proxies={}),
)
seen = {}
for name, Proxy.page in PAGES.items():
    try:
        pages = list(client.get_paginator("list_objects_v2").paginate(Bucket="books"))
        seen[name] = sum(len(page.get("Contents", [])) for page in pages)
    except (BotoCoreError, ClientError) as error:
        seen[name] = type(error).__name__
    print(f"a page that is {name}: {seen[name]}")
assert seen == {"well-formed": 0, "with an open tag": "ClientError"}, "botocore behaves differently now"
PYTHON
