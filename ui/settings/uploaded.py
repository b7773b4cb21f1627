"""A file that a reader has uploaded, as Streamlit holds it."""

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


def forget(file: UploadedFile) -> None:
    """Have Streamlit hold a file no longer that the page's script has read."""
    context = get_script_run_ctx()
    if context is not None and hasattr(context.uploaded_file_mgr, "remove_file"):
        context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=file.file_id)
