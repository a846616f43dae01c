"""Paper: tables and findings as .docx and .xlsx, from plain rows. Knows no database, no rule, no score of its own."""
