"""What a client of jobs and uploads may do wrong.

InputError
├── JobNotFoundError           no job has that id (404)
├── MalformedFormError         a form cannot be read (400)
├── UnsupportedFileError       nothing reads such a file (415)
└── UnsupportedMediaTypeError  a body is neither JSON nor a form (415)
"""

from __future__ import annotations

from rag.errors import InputError


class JobNotFoundError(InputError):
    """No job has that id, or none that the caller may see."""

    code = "job_not_found"
    http_status = 404


class MalformedFormError(InputError):
    """A multipart form cannot be read."""

    code = "malformed_form"
    http_status = 400


class UnsupportedFileError(InputError):
    """Nothing reads files of that kind."""

    code = "unsupported_file"
    http_status = 415


class UnsupportedMediaTypeError(InputError):
    """A body is neither JSON nor a multipart form."""

    code = "unsupported_media_type"
    http_status = 415
