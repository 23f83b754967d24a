"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "o2c.settings")
os.environ.setdefault("O2C_STATEMENT_TIMEOUT_MS", "15000")  # nobody waits longer for a page

application = get_wsgi_application()
