"""The local workbench: a page and a REST interface over the same operations as the command line."""
