"""What must always be true of files, PDFs and the outbox."""

from core.invariants import Invariant

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "I18d",
        "No message waits longer than an hour unless its problem is noted",
        """
        SELECT id, state, queued_at FROM documents_message
         WHERE (state = 'queued' AND problem = '' AND queued_at < now() - interval '1 hour')
            OR (state = 'sending' AND sending_since < now() - interval '1 hour')
        """,
    ),
    Invariant(
        "I18e",
        "The PDF of a document and the files of a message belong to that very document",
        """
        SELECT 'rendering', r.id FROM documents_rendering r
          JOIN documents_storedfile f ON f.id = r.file_id
         WHERE (f.company_id, f.source_kind, f.source_id)
               <> (r.company_id, r.source_kind, r.source_id)
        UNION ALL
        SELECT 'message', m.id FROM documents_message m
          JOIN documents_message_files x ON x.message_id = m.id
          JOIN documents_storedfile f ON f.id = x.storedfile_id
         WHERE (f.company_id, f.source_kind, f.source_id)
               <> (m.company_id, m.source_kind, m.source_id)
        """,
    ),
)
