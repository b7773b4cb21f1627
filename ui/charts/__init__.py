"""Pure functions: arrays in, a Plotly figure out. No Streamlit, no state, no colour that is not the
theme's."""
