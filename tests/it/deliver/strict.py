"""Reads mails, each after a line with its length in bytes, and holds them to Python's strict policy: any defect is an exception."""
import sys
from email import message_from_bytes, policy

count = 0
while line := sys.stdin.buffer.readline():
    raw = sys.stdin.buffer.read(int(line))
    mail = message_from_bytes(raw, policy=policy.strict)
    for name, value in mail.items():
        assert not getattr(value, "defects", ()), (name, value.defects)
    for one in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Id", "List-Unsubscribe", "Auto-Submitted"):
        assert len(mail.get_all(one, [])) == 1, (one, mail.get_all(one))
    for part in mail.walk():
        assert not part.defects, part.defects
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text.get_content().strip() and "<html" in html.get_content(), "an empty part"
    assert all(len(line) <= 998 for line in raw.split(b"\r\n")), "a line is too long"
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b""), "a bare line end"
    assert len(mail["To"].addresses) == 1 and mail["Date"].datetime is not None
    count += 1
    print(mail["To"].addresses[0].addr_spec, mail["Subject"], sep="\t")
print(count)
