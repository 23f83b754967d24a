"""Files, rendered PDFs and mail.

StoredFile: named by the SHA-256 of its bytes, written once, served by id as an attachment.
Rendering:  waiting → done | failed          (a PDF of a document; made between transactions)
Message:    queued → sending → sent | failed | uncertain,   sending → queued (it did not leave)
            A message found in *sending* after a crash may have left: a person decides, and
            either queues it again or says that it was sent.
"""
