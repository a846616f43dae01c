"""The JSON Schema of the files an office writes (办法、报表、单位、本单位设置), for editors. Knows types, reads no file."""

from scoring.schema.generate import FILES, gaps, generated, objects, text, write
from scoring.schema.written import of_field

__all__ = ["FILES", "gaps", "generated", "objects", "of_field", "text", "write"]
