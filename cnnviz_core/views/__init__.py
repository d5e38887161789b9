"""What each page shows, one module a page: the only place in the core that knows Streamlit."""
