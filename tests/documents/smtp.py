"""A small mail server for tests: it records what it gets and fails as it is told."""

import socketserver
import threading
from contextlib import contextmanager

REPLIES = {"EHLO": "250 test", "HELO": "250 test", "MAIL": "250 ok", "RSET": "250 ok"}


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "QUIT":
                return self.say("221 bye")
            if verb == "RCPT":
                self.say(self.server.answer if self.server.refuse in line else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                if not self.take():
                    return None
            else:
                self.say(REPLIES.get(verb, "500 what?"))
        return None

    def take(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.mails.append(b"".join(lines))
        if self.server.hang_up:
            return False
        self.say("250 taken")
        return True

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, refuse, answer, hang_up):
        super().__init__(("127.0.0.1", 0), Session)
        self.mails, self.refuse, self.hang_up = [], refuse or "\0", hang_up
        self.answer = answer


@contextmanager
def mail_server(settings, *, refuse="", answer="550 no such user", hang_up=False):
    """Sends the program's mail to a server of this process."""
    with Server(refuse, answer, hang_up) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 5
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        yield server
        server.shutdown()
