"""The pipeline that one would write in an afternoon: httpx, trafilatura with metadata, all of spaCy, TF-IDF, SQLite."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path


def main(job: Path) -> None:
    """Fetch, extract and analyse every address of the job; prints what came out."""
    import httpx
    import spacy
    import trafilatura
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    wanted = json.loads(job.read_text())
    nlp = spacy.load(wanted["model"])
    db = sqlite3.connect(wanted["home"])
    db.execute("CREATE TABLE pages (url TEXT, title TEXT, text TEXT)")
    db.execute("CREATE TABLE entities (url TEXT, label TEXT, text TEXT)")
    texts = []
    with httpx.Client() as client:
        for url in wanted["urls"]:
            host, path = url.split("/", 3)[2:]
            answer = client.get(f"http://127.0.0.1:{wanted['port']}/{path}", headers={"Host": host})
            text = trafilatura.extract(answer.text, with_metadata=True, include_comments=True) or ""
            doc = nlp(text)
            db.execute("INSERT INTO pages VALUES (?, ?, ?)", (url, "", text))
            for entity in doc.ents:
                db.execute("INSERT INTO entities VALUES (?, ?, ?)", (url, entity.label_, entity.text))
            db.commit()
            texts += [text] if text.strip() else []
    matrix = TfidfVectorizer(stop_words="english").fit_transform(texts)
    KMeans(n_clusters=min(8, len(texts)), n_init=3, random_state=0).fit(matrix)
    sys.stdout.write(json.dumps({"pages": len(wanted["urls"])}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
