"""Keeps the mails of the SMTP server that tests send to, one file for each: RECIPIENT-NUMBER.eml.

Run as `python3 -m aiosmtpd -n -l 127.0.0.1:PORT -c smtp_test_server.Mails FOLDER`. What the recipient is called decides
what the server says: `later-2.…` is refused twice for now, `never.…` for good, and `slow.…` is kept at once but
acknowledged after a minute.
"""

import asyncio
import os
import re
from collections import Counter
from pathlib import Path
from urllib.parse import quote


class Mails:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.asked = Counter()
        self.kept = Counter()

    @classmethod
    def from_cli(cls, parser, folder):
        return cls(folder)

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked[address] += 1
        later = re.match(r"later-(\d+)\.", address)
        if later and self.asked[address] <= int(later.group(1)):
            return "451 4.3.0 The mailbox is busy, try again later"
        if address.startswith("never."):
            return "550 5.1.1 There is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        for address in envelope.rcpt_tos:
            self.kept[address] += 1
            name = f"{quote(address, safe='@')}-{self.kept[address]}.eml"
            part = self.folder / f".{name}.part"
            part.write_bytes(envelope.original_content)
            os.rename(part, self.folder / name)
            if address.startswith("slow.") and self.kept[address] == 1:
                await asyncio.sleep(60)
        return "250 OK"
