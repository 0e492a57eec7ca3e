"""Finding: search over everything as one types, in the palette and on a page of its own."""
