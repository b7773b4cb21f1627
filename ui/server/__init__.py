"""What this server answers beside Streamlit's own pages."""
