"""Answers of this server beside Streamlit's own pages."""
