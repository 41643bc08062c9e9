"""The report of a sweep, as JSON, Markdown and HTML, with published figures beside ours."""
