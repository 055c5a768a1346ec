"""The interfaces of the two older programs: `prepare`, `export_h5ad` and `ExportConfig`."""
