"""The mirror as screens: three questions, and findings with their cases, months and what would change them."""
