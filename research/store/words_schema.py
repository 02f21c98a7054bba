"""The full-text indexes over findings, analysts' notes and accounts, and what fills them."""

from __future__ import annotations

from typing import Final

WORDS_TABLES: Final = tuple(
    f'CREATE VIRTUAL TABLE {name} USING fts5 (words, tokenize = "porter unicode61 remove_diacritics 2")'
    for name in ("finding_words", "note_words", "account_words")
)
INDEX_FINDINGS: Final = """
INSERT OR REPLACE INTO finding_words (rowid, words)
SELECT seq, (SELECT group_concat(json_extract(value, '$[1]'), ' ') FROM json_each(attributes)) FROM findings
"""  # attributes are stored as pairs of name and value; the values are searched
INDEX_NOTES: Final = """
INSERT OR REPLACE INTO note_words (rowid, words)
SELECT seq, coalesce(json_extract(body, '$.edit'), '') || ' ' || coalesce(json_extract(body, '$.note'), '')
FROM judgements
"""
INDEX_ACCOUNTS: Final = """
INSERT OR REPLACE INTO account_words (rowid, words)
SELECT rowid, json_extract(body, '$.name') || ' ' || coalesce(json_extract(body, '$.segment'), '') || ' ' ||
  coalesce((SELECT group_concat(value, ' ') FROM json_each(body, '$.aliases')), '') || ' ' ||
  coalesce((SELECT group_concat(value, ' ') FROM json_each(body, '$.domains')), '')
FROM accounts
"""
