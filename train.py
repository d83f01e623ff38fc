"""Trains the shipped model under models/ on data/cases.jsonl, by the code of `tagger train`."""

from tagger.cli.train import train_shipped

if __name__ == "__main__":
    train_shipped()
