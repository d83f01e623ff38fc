"""Folders, files and tables tagged into one output: streaming, resumable, on all cores or many machines.

plan.py     what is to be read, in which order, in which pieces
work.py     what a worker does with a piece: read, split, tag; what fails becomes an error record
spread.py   pieces handed to cores or machines, answers taken in order; a worker that dies costs one input
journal.py  how far a batch has come, so that it can be gone on with after any interruption
run.py      one batch from its plan to its output
watch.py    a folder that goes on growing
cluster.py  Dask: the same pieces on many machines
"""
