"""The page Results: published results that are trained again, what was measured, and the same measured now."""
