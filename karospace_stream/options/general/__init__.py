"""Options that apply to an export in any format, section by section."""
