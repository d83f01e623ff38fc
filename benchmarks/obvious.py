"""The obvious build: what `tagger` is measured against.

jieba words 1-2 and characters 1-4, TF-IDF, LinearSVC a target, kept as a joblib pickle. It reads no
law, splits nothing and knows no doubt: it scores industry, subject, nature and statutes and nothing else.

    python benchmarks/obvious.py train MODEL [CASES.jsonl]
    python benchmarks/obvious.py tag MODEL NOTICE.txt
    python benchmarks/obvious.py batch MODEL NOTICES.jsonl OUT.jsonl
"""

import json
import sys
from pathlib import Path

import jieba
import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_union
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.svm import LinearSVC

CASES = Path(__file__).parent.parent / "data" / "cases.jsonl"
TARGETS = ("industry", "subject", "nature", "statutes")


def words(text: str) -> list[str]:
    return jieba.lcut(text)


def train(model: Path, cases: Path = CASES) -> None:
    records = [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines()]
    texts = [record["title"] + "\n" + record["facts"] for record in records]
    features = make_union(
        TfidfVectorizer(tokenizer=words, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True),
    )
    vectors = features.fit_transform(texts)
    classifiers = {}
    for target in TARGETS[:3]:
        classifiers[target] = LinearSVC().fit(vectors, [record[target][0] for record in records])
    labels = MultiLabelBinarizer()
    articles = labels.fit_transform([record["statutes"] for record in records])
    statutes = OneVsRestClassifier(LinearSVC()).fit(vectors, articles)
    joblib.dump((features, classifiers, labels, statutes), model)


def tag(model: Path, texts: list[str]) -> list[dict[str, list[str]]]:
    features, classifiers, labels, statutes = joblib.load(model)
    vectors = features.transform(texts)
    found = {target: classifier.predict(vectors) for target, classifier in classifiers.items()}
    articles = labels.inverse_transform(statutes.predict(vectors))
    return [
        {target: [str(found[target][i])] for target in TARGETS[:3]} | {"statutes": list(articles[i])}
        for i in range(len(texts))
    ]


def main() -> None:
    verb, model, *rest = sys.argv[1:]
    if verb == "train":
        train(Path(model), *map(Path, rest))
    elif verb == "tag":
        print(
            json.dumps(tag(Path(model), [Path(rest[0]).read_text(encoding="utf-8")])[0], ensure_ascii=False)
        )
    else:
        rows = [json.loads(line) for line in Path(rest[0]).read_text(encoding="utf-8").splitlines()]
        results = tag(Path(model), [row["title"] + "\n" + row["text"] for row in rows])
        with Path(rest[1]).open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(result, ensure_ascii=False) + "\n" for result in results)


if __name__ == "__main__":
    main()
