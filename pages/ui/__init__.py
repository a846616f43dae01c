"""What the pages share: state, identity, tables, charts, words. Not pages."""
