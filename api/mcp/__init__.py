"""The API's questions as tools of the Model Context Protocol."""
