"""The report on a batch: the kind of report that this project was born from.

`entries` reads results or a casebook, `figures` counts, `charts` draws, `page` and `sheets` write.
"""
