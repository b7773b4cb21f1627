"""Everything the pages share: the training session, the controls, the figures, the theme, the languages."""
