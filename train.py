"""Trains the shipped model under models/ from data/cases.jsonl alone: the same as `tagger train`."""

from tagger.cli.train import train_shipped

if __name__ == "__main__":
    train_shipped()
