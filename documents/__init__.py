"""Files, rendered PDFs and mail.

StoredFile: named by the SHA-256 of its bytes, written once, served by id as an attachment.
Rendering:  waiting → done | failed          (a PDF of a document; made between transactions)
Message:    queued → sending → sent | failed | uncertain
            A message found in *sending* after a crash may have left: a person decides.
"""
