"""Pictures as SVG: pure geometry here, drawn by a macro of the same name in templates/pictures.

A picture is a dataclass of numbers and texts that a macro draws without scripts and without
inline styles, so that it prints, reads in a document and passes the page's policy. Beside each
stands its table (`web.tables`): `parts/figure.html` frames the two.
"""
