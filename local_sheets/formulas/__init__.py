"""Formulas: their references, which move with the cells, and their results, which an engine computes.

* `tokens`, `references`: the text of a formula, read just far enough to know what it points at
* `rewriting`: a formula's text after cells moved, were copied, or a sheet got another name
* `following`: all formulas of a spreadsheet after such a change
* `translation`: the same formula in the words of the engine
* `engine`: the formulas of one spreadsheet, computed by formualizer (an optional extra); `mirror` is what
  it knows of the cells, `computing` lets it work, `arrays` and `showing` bring its results into the rows
* `google`: functions that Google has and the engine has not
* `results`: what the engine found, as a cell shows it
* `formats`: the number format that a result inherits

The first four need no engine; without it a formula keeps its text and its last value.
"""
