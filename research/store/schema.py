"""The tables, and the numbered migrations that lead to them; a migration that was released is never edited.

Within a transaction `executescript` of sqlite-utils runs one statement after the other and commits none of them, unlike
sqlite3's own; `tests/unit/store/test_store_migrations.py` holds that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from research.store.words_schema import INDEX_ACCOUNTS, INDEX_FINDINGS, INDEX_NOTES, WORDS_TABLES

if TYPE_CHECKING:
    from sqlite_utils import Database

# A row of an account carries the account's id, and references carry it too: what belongs to one account cannot cite a
# capture or a document of another, whatever the code above does.
_ACCOUNTS: Final = """
CREATE TABLE accounts (id TEXT PRIMARY KEY, body TEXT NOT NULL, last_meeting TEXT);
CREATE TABLE account_keys (
  kind TEXT NOT NULL CHECK (kind IN ('name', 'domain')), key TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id), PRIMARY KEY (kind, key, account_id)) WITHOUT ROWID;
CREATE INDEX account_keys_by_account ON account_keys (account_id);
CREATE TABLE sellers (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL);
CREATE TABLE sources (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), body TEXT NOT NULL, UNIQUE (id, account_id));
CREATE INDEX sources_by_account ON sources (account_id);
"""

# `moment` is `fetched_at` in UTC, so that it sorts; `page_key` stands for account, final address and body together.
_CAPTURES: Final = """
CREATE TABLE bodies (sha256 TEXT PRIMARY KEY, packing TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE captures (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL, source_id TEXT NOT NULL,
  url TEXT NOT NULL, final_url TEXT NOT NULL, fetched_at TEXT NOT NULL, moment TEXT NOT NULL, status INTEGER NOT NULL,
  media_type TEXT NOT NULL, body_sha256 TEXT NOT NULL REFERENCES bodies (sha256), charset TEXT, etag TEXT,
  last_modified TEXT, page_key TEXT NOT NULL,
  UNIQUE (id, account_id), FOREIGN KEY (source_id, account_id) REFERENCES sources (id, account_id));
CREATE INDEX captures_by_url ON captures (source_id, url);
CREATE INDEX captures_by_account ON captures (account_id);
CREATE TRIGGER captures_stay BEFORE UPDATE ON captures BEGIN SELECT RAISE(ABORT, 'captures are append-only'); END;
CREATE TRIGGER captures_last BEFORE DELETE ON captures BEGIN SELECT RAISE(ABORT, 'captures are append-only'); END;
CREATE TABLE sightings (
  source_id TEXT NOT NULL REFERENCES sources (id), url TEXT NOT NULL, capture_id TEXT NOT NULL REFERENCES captures (id),
  last_seen TEXT NOT NULL, etag TEXT, last_modified TEXT, PRIMARY KEY (source_id, url));
CREATE INDEX sightings_by_capture ON sightings (capture_id);
"""

_DOCUMENTS: Final = """
CREATE TABLE texts (sha256 TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE documents (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL, capture_id TEXT NOT NULL,
  text_sha256 TEXT NOT NULL REFERENCES texts (sha256), body TEXT NOT NULL,
  UNIQUE (id, account_id), FOREIGN KEY (capture_id, account_id) REFERENCES captures (id, account_id));
CREATE INDEX documents_by_account ON documents (account_id);
CREATE TRIGGER documents_keep_text BEFORE UPDATE ON documents WHEN new.text_sha256 <> old.text_sha256
  BEGIN SELECT RAISE(ABORT, 'the text of a document never changes: another text is another document'); END;
CREATE TABLE passages (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE);
CREATE TABLE document_passages (
  document_seq INTEGER NOT NULL REFERENCES documents (seq), ordinal INTEGER NOT NULL, start INTEGER NOT NULL,
  stop INTEGER NOT NULL, role TEXT NOT NULL, main INTEGER NOT NULL, heading_path TEXT NOT NULL,
  passage_id INTEGER NOT NULL REFERENCES passages (id), PRIMARY KEY (document_seq, ordinal)) WITHOUT ROWID;
CREATE INDEX document_passages_by_passage ON document_passages (passage_id);
CREATE VIRTUAL TABLE passage_index USING fts5 (
  words, content = '', tokenize = "porter unicode61 remove_diacritics 2");
CREATE TABLE extractions (
  page_key TEXT PRIMARY KEY, account_id TEXT NOT NULL, fingerprint TEXT NOT NULL, document_id TEXT, reason TEXT,
  CHECK ((document_id IS NULL) <> (reason IS NULL)),
  FOREIGN KEY (document_id, account_id) REFERENCES documents (id, account_id));
CREATE INDEX extractions_by_document ON extractions (document_id);
CREATE VIEW current_documents AS
  SELECT c.account_id, e.document_id, c.id AS capture_id, c.moment, s.rowid AS place
  FROM sightings s JOIN captures c ON c.id = s.capture_id JOIN extractions e ON e.page_key = c.page_key
  WHERE e.document_id IS NOT NULL;
"""

_ANALYSIS: Final = """
CREATE TABLE fingerprints (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);
CREATE TABLE annotations (
  fingerprint_id INTEGER NOT NULL REFERENCES fingerprints (id), key TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (fingerprint_id, key)) WITHOUT ROWID;
CREATE TABLE observations (
  document_id TEXT NOT NULL REFERENCES documents (id), fingerprint TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (document_id, fingerprint));
"""

_FINDINGS: Final = """
CREATE TABLE findings (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL REFERENCES accounts (id),
  kind TEXT NOT NULL, attributes TEXT NOT NULL, confidence REAL NOT NULL, first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL, lapsed_at TEXT, UNIQUE (id, account_id));
CREATE INDEX findings_by_account ON findings (account_id);
CREATE TABLE evidence (
  finding_id TEXT NOT NULL, account_id TEXT NOT NULL, place INTEGER NOT NULL, document_id TEXT NOT NULL,
  start INTEGER NOT NULL, stop INTEGER NOT NULL, quote_sha256 TEXT NOT NULL, score REAL NOT NULL,
  PRIMARY KEY (finding_id, place), FOREIGN KEY (finding_id, account_id) REFERENCES findings (id, account_id),
  FOREIGN KEY (document_id, account_id) REFERENCES documents (id, account_id)) WITHOUT ROWID;
CREATE INDEX evidence_by_account ON evidence (account_id);
CREATE INDEX evidence_by_document ON evidence (document_id);
CREATE TABLE finding_events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, account_id TEXT NOT NULL, finding_id TEXT NOT NULL, at TEXT NOT NULL,
  moment TEXT NOT NULL, change TEXT NOT NULL CHECK (change IN ('new', 'changed', 'lapsed', 'returned')), before TEXT,
  FOREIGN KEY (finding_id, account_id) REFERENCES findings (id, account_id));
CREATE INDEX finding_events_by_account ON finding_events (account_id, moment);
CREATE INDEX finding_events_by_finding ON finding_events (finding_id);
CREATE TRIGGER finding_events_stay BEFORE UPDATE ON finding_events
  BEGIN SELECT RAISE(ABORT, 'the history of findings is append-only'); END;
CREATE TRIGGER finding_events_last BEFORE DELETE ON finding_events
  BEGIN SELECT RAISE(ABORT, 'the history of findings is append-only'); END;
"""

_PEOPLE_AND_RUNS: Final = """
CREATE TABLE judgements (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL REFERENCES accounts (id),
  body TEXT NOT NULL);
CREATE INDEX judgements_by_account ON judgements (account_id);
CREATE TRIGGER judgements_stay BEFORE UPDATE ON judgements BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
CREATE TRIGGER judgements_last BEFORE DELETE ON judgements BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
CREATE TABLE drafts (
  account_id TEXT NOT NULL REFERENCES accounts (id), part TEXT NOT NULL, fingerprint TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (account_id, part));
CREATE TABLE runs (
  stage TEXT NOT NULL, input_id TEXT NOT NULL, fingerprint TEXT NOT NULL, output_sha256 TEXT,
  status TEXT NOT NULL CHECK (status IN ('done', 'failed')), error TEXT, at TEXT NOT NULL,
  PRIMARY KEY (stage, input_id)) WITHOUT ROWID;
CREATE TABLE run_reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT NOT NULL, started TEXT NOT NULL, ended TEXT, summary TEXT);
CREATE TABLE skip_lists (
  run_id INTEGER NOT NULL REFERENCES run_reports (id), account_id TEXT NOT NULL REFERENCES accounts (id),
  body TEXT NOT NULL, PRIMARY KEY (run_id, account_id));
CREATE INDEX skip_lists_by_account ON skip_lists (account_id, run_id);
"""


def m001_first_tables(db: Database) -> None:
    """The tables of version 0.1."""
    for script in (_ACCOUNTS, _CAPTURES, _DOCUMENTS, _ANALYSIS, _FINDINGS, _PEOPLE_AND_RUNS):
        db.executescript(script)


_HEALTH: Final = """
CREATE TABLE source_health (
  account_id TEXT NOT NULL REFERENCES accounts (id), kind TEXT NOT NULL, last_success TEXT, last_failure TEXT,
  failure TEXT, answers INTEGER NOT NULL, PRIMARY KEY (account_id, kind)) WITHOUT ROWID;
"""


def m002_source_health(db: Database) -> None:
    """How each source kind went, an account and kind a row."""
    db.executescript(_HEALTH)


# Empty but for what is under way or was broken off: see unfinished.py.
_UNFINISHED: Final = """
CREATE TABLE unfinished_visits (
  account_id TEXT PRIMARY KEY REFERENCES accounts (id), started TEXT NOT NULL, last_capture INTEGER NOT NULL);
CREATE TABLE unfinished_answers (
  account_id TEXT NOT NULL REFERENCES unfinished_visits (account_id), source_id TEXT NOT NULL REFERENCES sources (id),
  request TEXT NOT NULL, answer TEXT NOT NULL, skipped INTEGER NOT NULL, body_sha256 TEXT REFERENCES bodies (sha256),
  data BLOB, PRIMARY KEY (account_id, source_id, request));
CREATE INDEX unfinished_answers_by_source ON unfinished_answers (source_id);
CREATE INDEX unfinished_answers_by_body ON unfinished_answers (body_sha256);
CREATE TABLE unfinished_round (
  account_id TEXT PRIMARY KEY REFERENCES accounts (id), asked TEXT NOT NULL, started TEXT NOT NULL,
  done INTEGER NOT NULL DEFAULT 0);
"""


def k001_unfinished_visits(db: Database) -> None:
    """What was answered in visits that are under way."""
    db.executescript(_UNFINISHED)


_SEALED: Final = (
    *("accounts", "sources", "captures", "sightings", "documents", "observations"),
    *("findings", "finding_events", "judgements", "drafts"),
)


def k002_seals(db: Database) -> None:
    """A checksum on every row whose change nothing else would show: SQLite keeps none of its own."""
    for table in _SEALED:
        db.execute(f"ALTER TABLE {table} ADD COLUMN seal TEXT")


def m020_search_words(db: Database) -> None:
    """Full-text indexes over findings, notes and accounts (kept by `research.store.words`)."""
    for statement in (*WORDS_TABLES, INDEX_FINDINGS, INDEX_NOTES, INDEX_ACCOUNTS):
        db.execute(statement)


_SELLER_EDITS: Final = """
CREATE TABLE seller_edits (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, analyst TEXT NOT NULL, subject TEXT NOT NULL,
  field TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL);
CREATE INDEX seller_edits_by_subject ON seller_edits (subject);
CREATE TRIGGER seller_edits_stay BEFORE UPDATE ON seller_edits BEGIN SELECT RAISE(ABORT, 'edits are append-only'); END;
CREATE TRIGGER seller_edits_last BEFORE DELETE ON seller_edits BEGIN SELECT RAISE(ABORT, 'edits are append-only'); END;
"""


def m021_seller_edits(db: Database) -> None:
    """Every edit of our own profile."""
    db.executescript(_SELLER_EDITS)


# What each judgement is about, so that "has anybody decided on this since I looked?" is one look into an index. `key`
# is a finding's id; of a section its name and, for one sentence, its targets joined by `|`.
_JUDGEMENT_KEYS: Final = """
CREATE TABLE judgement_keys (
  account_id TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL REFERENCES judgements (seq),
  decides INTEGER NOT NULL, PRIMARY KEY (account_id, key, seq)) WITHOUT ROWID;
INSERT INTO judgement_keys
  SELECT DISTINCT j.account_id, t.value, j.seq, json_extract(j.body, '$.verdict') NOT IN ('pin', 'note')
  FROM judgements j, json_each(j.body, '$.target_ids') t;
"""


def m030_judgement_keys(db: Database) -> None:
    """What each judgement is about, a key a row."""
    db.executescript(_JUDGEMENT_KEYS)


# Which documents an account's findings stood on, from when to when; meetings by day; how each source's visits went; and
# which messages about changes went out. Of an address that several sources hold, the latest sight speaks.
_WATCH: Final = """
CREATE TABLE document_spans (
  account_id TEXT NOT NULL, document_id TEXT NOT NULL, entered TEXT NOT NULL, gone TEXT, entered_noted TEXT NOT NULL,
  gone_noted TEXT, PRIMARY KEY (account_id, document_id, entered_noted),
  FOREIGN KEY (document_id, account_id) REFERENCES documents (id, account_id)) WITHOUT ROWID;
CREATE TABLE meetings (
  account_id TEXT NOT NULL REFERENCES accounts (id), day TEXT NOT NULL, title TEXT NOT NULL,
  PRIMARY KEY (account_id, day)) WITHOUT ROWID;
INSERT INTO meetings (account_id, day, title)
  SELECT id, substr(last_meeting, 1, 10), '' FROM accounts WHERE last_meeting IS NOT NULL;
CREATE TABLE visits (
  account_id TEXT NOT NULL REFERENCES accounts (id), kind TEXT NOT NULL, tried TEXT NOT NULL, succeeded TEXT,
  failures INTEGER NOT NULL, requests INTEGER NOT NULL, PRIMARY KEY (account_id, kind)) WITHOUT ROWID;
CREATE TABLE notices (
  rule TEXT NOT NULL, target TEXT NOT NULL, change_id TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id), noted TEXT NOT NULL, body TEXT NOT NULL, sent TEXT,
  PRIMARY KEY (rule, target, change_id)) WITHOUT ROWID;
CREATE TABLE notice_runs (rule TEXT PRIMARY KEY, until TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX sightings_by_url ON sightings (url);
CREATE INDEX captures_by_page ON captures (page_key);
DROP VIEW current_documents;
CREATE VIEW current_documents AS
  SELECT c.account_id, e.document_id, c.id AS capture_id, c.moment, s.rowid AS place
  FROM sightings s JOIN captures c ON c.id = s.capture_id JOIN extractions e ON e.page_key = c.page_key
  WHERE e.document_id IS NOT NULL AND NOT (s.url LIKE 'http%' AND EXISTS (
    SELECT 1 FROM sightings o JOIN captures l ON l.id = o.capture_id
    WHERE o.url = s.url AND l.account_id = c.account_id AND o.source_id <> s.source_id
      AND (substr(o.last_seen, 1, 19), o.rowid) > (substr(s.last_seen, 1, 19), s.rowid)));
"""


def m020_watch(db: Database) -> None:
    """What scheduled refreshes, changes since a day, and notifications need."""
    db.executescript(_WATCH)


# What a parser found in a page, sitemap or feed, packed; no more of a source than its last whole visit asked for.
_SITE_READINGS: Final = """
CREATE TABLE site_readings (
  source_id TEXT NOT NULL REFERENCES sources (id), key TEXT NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (source_id, key)) WITHOUT ROWID;
"""


def m040_site_readings(db: Database) -> None:
    """The links of pages and the entries of sitemaps and feeds, so that what did not change is not parsed again."""
    db.executescript(_SITE_READINGS)


# What a classifier answered to the sentences of a page, packed: one row for each address that the account still has.
_PAGE_ANSWERS: Final = """
CREATE TABLE page_answers (
  account_id TEXT NOT NULL REFERENCES accounts (id), url TEXT NOT NULL, fingerprint TEXT NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (account_id, url)) WITHOUT ROWID;
"""


def m041_page_answers(db: Database) -> None:
    """The answers of classifiers, so that of a changed page only what changed is asked anew."""
    db.executescript(_PAGE_ANSWERS)


STEPS: Final[tuple[Callable[[Database], None], ...]] = (
    m001_first_tables,
    m002_source_health,
    k001_unfinished_visits,
    k002_seals,
    m020_search_words,
    m021_seller_edits,
    m030_judgement_keys,
    m020_watch,
    m040_site_readings,
    m041_page_answers,
)
"""Every migration, oldest first."""

_SET: Final = "dossier"  # the name of these migrations in the table that sqlite-utils keeps of them
_KEPT: Final = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlite_migrations'"
_APPLIED: Final = "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid"


class Connected(Protocol):
    """An open file: sqlite-utils' own, or `database.Database`."""

    @property
    def conn(self) -> sqlite3.Connection: ...


class Migrations:
    """The steps as sqlite-utils applies and notes them; it is imported for a file that lacks some, and no other."""

    def applied(self, db: Connected) -> tuple[str, ...]:
        """The names of the steps that a file has been through, oldest first."""
        if db.conn.execute(_KEPT).fetchone() is None:
            return ()
        return tuple(name for (name,) in db.conn.execute(_APPLIED, (_SET,)))

    def pending(self, db: Connected) -> tuple[str, ...]:
        """The names of the steps that a file lacks."""
        done = frozenset(self.applied(db))
        return tuple(step.__name__ for step in STEPS if step.__name__ not in done)

    def apply(self, db: Connected, *, stop_before: str | None = None) -> None:
        """Take a file through what is pending, up to a step that is named."""
        import sqlite_utils

        migrations = sqlite_utils.Migrations(_SET)
        for step in STEPS:
            migrations(name=step.__name__)(step)
        migrations.apply(sqlite_utils.Database(db.conn), stop_before=stop_before)


MIGRATIONS: Final = Migrations()


def unknown_steps(db: Connected) -> tuple[str, ...]:
    """Migrations that the file has been through and this version does not know: a newer version wrote it."""
    known = {step.__name__ for step in STEPS}
    return tuple(name for name in MIGRATIONS.applied(db) if name not in known)
