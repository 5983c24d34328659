"""Languages: the catalogues of sentences, and how numbers and dates are written (docs/adr/0021-languages.md)."""
