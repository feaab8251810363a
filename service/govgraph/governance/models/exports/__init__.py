"""A comparison as a document for people and programs: JSON, CSV, Markdown, XLSX."""
