"""Commission as screens: who earned what by which deal, closed period by period; and the business's own numbers."""
