"""The Celery application; its settings are the CELERY_ entries of `o2c/settings.py`."""

import gc
import os
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "o2c.settings")

warnings.simplefilter("ignore", SecurityWarning)  # root is safe: messages are JSON, not code
app = Celery("o2c")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def freeze(**_about: object) -> None:
    """What was loaded stays, and what a set deed makes dies without cycles: it is seldom collected.

    A chunk of 500 invoices makes some 50,000 objects; looking through them took a tenth of its CPU.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
