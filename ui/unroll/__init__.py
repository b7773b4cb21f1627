"""The page “Unroll”: its controls, its panels, and the view that opens the arithmetic in the browser."""
